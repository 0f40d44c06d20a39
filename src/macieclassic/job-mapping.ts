import type { ClassificationJobProps } from '../macie/classification-job-props';
import { MAX_BUCKETS } from '../macie/classification-job-validation';
import { JobSchedule } from '../macie/job-schedule';
import { ObjectCondition } from '../macie/object-condition';
import { OneTimeClassification } from './classification-type';
import type { MonitoredResource } from './monitored-resource';
import type { S3AssociationOptions } from './s3-resources';

/**
 * What a job of today's Macie is to do for S3 resources of the same prefix and classification. Classic always classifies
 * what is added, so the job is never one that runs once; existing objects are those of an initial run.
 */
export function jobPropsOf(
  resources: readonly MonitoredResource[],
  { memberAccountId, removalPolicy, assumeRole }: S3AssociationOptions,
): ClassificationJobProps {
  const [first] = resources;
  return {
    buckets: [
      {
        accountId: memberAccountId,
        buckets: resources.flatMap(({ bucket }) => bucket ?? []),
        bucketNames: resources.flatMap(({ bucketName }) => bucketName ?? []),
      },
    ],
    scoping: first.prefix ? { includes: [ObjectCondition.keyStartsWith(first.prefix)] } : undefined,
    schedule: JobSchedule.daily(),
    initialRun: first.classificationType?.oneTime === OneTimeClassification.FULL,
    removalPolicy,
    assumeRole,
  };
}

/** S3 resources that one job can serve. */
export function jobGroups(resources: readonly MonitoredResource[]): MonitoredResource[][] {
  const groups = new Map<string, MonitoredResource[]>();
  for (const resource of resources) {
    const { prefix = '', classificationType: { oneTime = OneTimeClassification.NONE } = {} } = resource;
    const key = JSON.stringify([prefix, oneTime]);
    groups.set(key, [...(groups.get(key) ?? []), resource]);
  }
  return [...groups.values()].flatMap(inThousands);
}

function inThousands(resources: MonitoredResource[]): MonitoredResource[][] {
  const count = Math.ceil(resources.length / MAX_BUCKETS);
  return Array.from({ length: count }, (_, index) => resources.slice(index * MAX_BUCKETS, (index + 1) * MAX_BUCKETS));
}
