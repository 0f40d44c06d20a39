import type { AwsClients } from '../../src/runtime/clients';
import { ACCOUNT, awsError } from './runs';

/** What becomes of one call: it is answered, refused before it takes effect, or its answer is lost after. */
export type Fate = 'answered' | 'throttled' | 'lost';

export interface FakeResource {
  readonly accountId?: string;
  readonly bucketName: string;
  readonly prefix?: string;
  readonly oneTime?: string;
}

interface Parameter {
  readonly Value: string;
  readonly Tags: Array<{ Key: string; Value: string }>;
}

// biome-ignore lint/suspicious/noExplicitAny: the inputs are those of two services
type Input = any;

/** Macie Classic and Parameter Store in memory, behind the SDK's clients: as much of them as the reconcilers call. */
export class FakeMacieClassic {
  readonly members = new Set<string>();
  /** The one-time classification, by account, bucket and prefix. */
  readonly resources = new Map<string, string>();
  readonly parameters = new Map<string, Parameter>();
  /** Why the S3 resources of a bucket fail, in calls that succeed. */
  readonly failing = new Map<string, { readonly code: string; readonly message: string }>();
  /** What becomes of the next calls; after these all are answered. */
  fates: Fate[] = [];
  /** What every call of Macie answers instead. */
  outage?: Error;
  readonly calls: string[] = [];
  readonly inputs: Array<readonly [string, Input]> = [];

  constructor(private readonly pageSize = 250) {}

  readonly aws = { get: () => ({ send: (command: object) => this.send(command) }) } as unknown as AwsClients;

  associate({ accountId = ACCOUNT, bucketName, prefix = '', oneTime = 'NONE' }: FakeResource): void {
    this.resources.set(JSON.stringify([accountId, bucketName, prefix]), oneTime);
  }

  /** The calls that change something. */
  get changes(): string[] {
    return this.calls.filter((call) => !/^(List|Get)/.test(call));
  }

  private async send(command: object): Promise<unknown> {
    const call = command.constructor.name.replace(/Command$/, '');
    const { input } = command as { input: Input };
    this.calls.push(call);
    this.inputs.push([call, structuredClone(input)]);
    const fate = this.fates.shift() ?? 'answered';
    if (fate === 'throttled') throw awsError('ThrottlingException', 'slow down', 429);
    const answer = structuredClone(this.answer(call, input));
    if (fate === 'lost') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    return answer;
  }

  private answer(call: string, input: Input): unknown {
    if (call.includes('Parameter') || call === 'ListTagsForResource') return this.parameterStore(call, input);
    if (this.outage !== undefined) throw this.outage;
    switch (call) {
      case 'ListMemberAccounts': {
        const all = [ACCOUNT, ...this.members].map((accountId) => ({ accountId }));
        return this.page('memberAccounts', all, input);
      }
      case 'AssociateMemberAccount':
        return void this.members.add(input.memberAccountId);
      case 'DisassociateMemberAccount':
        if (this.members.delete(input.memberAccountId)) return undefined;
        throw invalid(`Account ${input.memberAccountId} is not yet associated with Macie.`);
      default:
        return this.s3(call, input);
    }
  }

  private s3(call: string, input: Input): unknown {
    const accountId: string = input.memberAccountId ?? ACCOUNT;
    if (accountId !== ACCOUNT && !this.members.has(accountId)) {
      throw invalid(`Account ${accountId} is not yet associated with Macie.`);
    }
    if (call === 'ListS3Resources') return this.page('s3Resources', this.listed(accountId), input);
    const items: Input[] = input.s3Resources ?? input.s3ResourcesUpdate ?? input.associatedS3Resources;
    if (items.length === 0 || items.length > 250) throw invalid(`1 to 250 S3 resources, got ${items.length}`);
    return { failedS3Resources: items.flatMap((item) => this.change(call, accountId, item) ?? []) };
  }

  private change(call: string, accountId: string, item: Input): object | undefined {
    const { bucketName, prefix } = item;
    const key = JSON.stringify([accountId, bucketName, prefix ?? '']);
    const isThere = this.resources.has(key);
    const failed = (errorCode: string, errorMessage: string) => ({
      failedItem: { bucketName, prefix },
      errorCode,
      errorMessage,
    });
    const planned = this.failing.get(bucketName);
    if (planned !== undefined) return failed(planned.code, planned.message);
    if (call === 'AssociateS3Resources') {
      if (isThere) return failed('InvalidInputException', 'It is already associated with Macie.');
      this.resources.set(key, item.classificationType.oneTime);
      return undefined;
    }
    if (!isThere) return failed('InvalidInputException', 'It is not associated with Macie.');
    if (call === 'UpdateS3Resources') this.resources.set(key, item.classificationTypeUpdate.oneTime);
    else this.resources.delete(key);
    return undefined;
  }

  private listed(accountId: string): object[] {
    return [...this.resources].flatMap(([key, oneTime]) => {
      const [account, bucketName, prefix] = JSON.parse(key);
      const classificationType = { oneTime, continuous: 'FULL' };
      return account === accountId ? [{ bucketName, ...(prefix !== '' && { prefix }), classificationType }] : [];
    });
  }

  private page(name: string, all: readonly object[], { nextToken = '0', maxResults }: Input): object {
    const start = Number(nextToken);
    const end = start + Math.min(this.pageSize, maxResults);
    return { [name]: all.slice(start, end), nextToken: end < all.length ? `${end}` : undefined };
  }

  private parameterStore(call: string, { Name, ResourceId, Value, Tags, Overwrite = false }: Input): unknown {
    const name = Name ?? ResourceId;
    const parameter = this.parameters.get(name);
    if (call === 'PutParameter') {
      if ((parameter !== undefined) !== Overwrite) throw awsError('ParameterAlreadyExists');
      this.parameters.set(name, { Value, Tags: Tags ?? parameter?.Tags ?? [] });
      return {};
    }
    if (parameter === undefined) throw awsError('ParameterNotFound');
    if (call === 'GetParameter') return { Parameter: { Value: parameter.Value } };
    if (call === 'ListTagsForResource') return { TagList: parameter.Tags };
    if (call === 'DeleteParameter') return this.parameters.delete(name);
    throw new Error(`${call} is not modelled`);
  }
}

function invalid(message: string): Error {
  return awsError('InvalidInputException', `The request was rejected. ${message}`);
}
