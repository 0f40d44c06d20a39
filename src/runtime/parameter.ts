import {
  DeleteParameterCommand,
  GetParameterCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { isOwn, type Run, settledTags } from './reconciler';
import { tagList, tagsOf } from './tags';

/** A parameter of the Parameter Store, which holds what is too large for an attribute. */
export interface ParameterView {
  readonly name: string;
  readonly value: string;
  readonly modified?: Date;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether it is this resource's; only then it may be changed or deleted. */
  readonly own: boolean;
}

export async function readParameter(run: Run<unknown>, Name: string): Promise<ParameterView | undefined> {
  const ssm = clientOf(run);
  const parameter = (await unless(ABSENT, () => ssm.send(new GetParameterCommand({ Name }))))?.Parameter;
  if (parameter === undefined) return undefined;
  const listed = await unless(ABSENT, () =>
    ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: Name })),
  );
  // Gone since: without tags it would be taken for someone else's.
  if (listed === undefined) return undefined;
  const tags = tagsOf(listed.TagList);
  const modified = parameter.LastModifiedDate;
  return { name: Name, value: parameter.Value ?? '', modified, tags, own: isOwn(run, tags, modified) };
}

/** A standard parameter holds at most this: https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const STANDARD_MAX_BYTES = 4096;

/** Makes a parameter with our tags, or changes the value of one that has them: tags come only with a new parameter. */
export async function putParameter(run: Run<unknown>, Name: string, Value: string, overwrite: boolean): Promise<void> {
  const large = Buffer.byteLength(Value) > STANDARD_MAX_BYTES;
  const Tags = tagList(settledTags(run));
  const command = new PutParameterCommand({
    Name,
    Value,
    Type: 'String',
    // An advanced parameter cannot be made a standard one: what is overwritten keeps its tier unless it must grow.
    Tier: large ? 'Advanced' : overwrite ? undefined : 'Standard',
    ...(overwrite ? { Overwrite: true } : { Tags }),
  });
  await unless(OVERTAKEN, () => clientOf(run).send(command));
}

export async function deleteParameter(run: Run<unknown>, Name: string): Promise<void> {
  await unless(ABSENT, () => clientOf(run).send(new DeleteParameterCommand({ Name })));
}

/** Not the names that other services have for this. */
const ABSENT: ReadonlySet<string> = new Set(['ParameterNotFound', 'InvalidResourceId']);
/** Someone was faster, perhaps a call of our own whose answer was lost: the loop looks again. */
const OVERTAKEN: ReadonlySet<string> = new Set(['ParameterAlreadyExists', 'ParameterNotFound', 'TooManyUpdates']);

async function unless<T>(names: ReadonlySet<string>, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && names.has(error.name)) return undefined;
    throw error;
  }
}

function clientOf({ aws }: Run<unknown>): SSMClient {
  return aws.get(SSMClient, 'SSM');
}
