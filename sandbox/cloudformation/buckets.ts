import type { PolicyDocument } from '../iam/principal';
import type { Instance } from './stack';
import type { Stacks } from './stacks';

/** A bucket that a stack has made. The sandbox keeps buckets as records of their stacks only. */
export interface BucketRecord {
  readonly accountId: string;
  readonly region: string;
  readonly policy?: PolicyDocument;
}

/** The bucket of this name, in whichever account and region its stack is. Those that outlive their stack are not found. */
export function bucketOfStacks(stacks: Pick<Stacks, 'places' | 'list'>, name: string): BucketRecord | undefined {
  const all = stacks.places().flatMap((place) => {
    const [accountId = '', region = ''] = place.split('/');
    const resources = stacks.list(accountId, region).flatMap((stack) => [...stack.resources.values()]);
    return resources.map(({ type, instance }) => ({ accountId, region, type, instance }));
  });
  const bucket = all.find(({ type, instance }) => type === 'AWS::S3::Bucket' && instance?.physicalId === name);
  if (bucket === undefined) return undefined;
  const policy = all.find(({ type, instance }) => type === 'AWS::S3::BucketPolicy' && instance?.physicalId === name);
  const { accountId, region } = bucket;
  return { accountId, region, policy: documentOf(policy?.instance) };
}

function documentOf(instance: Instance | undefined): PolicyDocument | undefined {
  return instance?.properties.PolicyDocument as PolicyDocument | undefined;
}
