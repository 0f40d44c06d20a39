import {
  CreateClassificationJobCommand,
  DescribeClassificationJobCommand,
  GetClassificationExportConfigurationCommand,
  GetMacieSessionCommand,
  ListClassificationJobsCommand,
  ListTagsForResourceCommand,
  Macie2Client,
  PutClassificationExportConfigurationCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateClassificationJobCommand,
} from '@aws-sdk/client-macie2';
import { Macie2Service } from '../../../../sandbox/services/macie2/macie2-service';
import type { Macie2Options } from '../../../../sandbox/services/macie2/options';
import { ACCOUNT, Testbed } from '../../endpoint/testbed';

export { ACCOUNT, errorOf, OTHER_ACCOUNT } from '../../endpoint/testbed';
export const REGION = 'eu-central-1';
export const DAY = 86_400;
/** When the virtual clock starts; a Tuesday. */
export const START = Date.parse('2030-01-01T00:00:00Z');

export const BUCKETS = { bucketDefinitions: [{ accountId: ACCOUNT, buckets: ['data'] }] };
export const ONCE = { name: 'job', clientToken: 'token', jobType: 'ONE_TIME', s3JobDefinition: BUCKETS };
export const DAILY = { ...ONCE, jobType: 'SCHEDULED', scheduleFrequency: { dailySchedule: {} } };

const COMMANDS = {
  CreateClassificationJob: CreateClassificationJobCommand,
  DescribeClassificationJob: DescribeClassificationJobCommand,
  GetClassificationExportConfiguration: GetClassificationExportConfigurationCommand,
  GetMacieSession: GetMacieSessionCommand,
  ListClassificationJobs: ListClassificationJobsCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  PutClassificationExportConfiguration: PutClassificationExportConfigurationCommand,
  TagResource: TagResourceCommand,
  UntagResource: UntagResourceCommand,
  UpdateClassificationJob: UpdateClassificationJobCommand,
};

export type OperationName = keyof typeof COMMANDS;

/** An endpoint with Macie. */
export class Macie2Bed extends Testbed {
  private static readonly open: Macie2Bed[] = [];

  /** With Macie enabled. Jobs can be made one after the other, where the options do not say how slowly. */
  static async start(options: Macie2Options = {}): Promise<Macie2Bed> {
    const bed = new Macie2Bed({ ...options, quotas: { createIntervalSeconds: 0, ...options.quotas } });
    Macie2Bed.open.push(bed);
    await bed.endpoint.start();
    bed.sessions.enable(ACCOUNT, REGION);
    return bed;
  }

  /** For `afterEach`: fails where the sandbox itself has failed. */
  static async stopAll(): Promise<void> {
    for (const bed of Macie2Bed.open.splice(0)) await bed.endpoint.stop();
  }

  readonly macie: Macie2Service;

  private constructor(options: Macie2Options) {
    const macie = new Macie2Service(options);
    super(macie);
    this.macie = macie;
  }

  get sessions() {
    return this.macie.sessions(this.world);
  }

  get state() {
    return this.sessions.state(ACCOUNT, REGION);
  }

  /** As an administrator of the account. */
  // biome-ignore lint/suspicious/noExplicitAny: tests also send what is wrong
  call(operation: OperationName, input: any = {}): Promise<any> {
    return this.send(this.client(this.credentials.forAccount(ACCOUNT)), operation, input);
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests also send what is wrong
  async send(client: ReturnType<Testbed['client']>, operation: OperationName, input: any): Promise<any> {
    const Command = COMMANDS[operation] as unknown as new (input: unknown) => never;
    const { $metadata: _metadata, ...answer } = await new Macie2Client(client).send(new Command(input));
    return answer;
  }

  /** The id of a new job. */
  async create(input: object): Promise<string> {
    return (await this.call('CreateClassificationJob', input)).jobId;
  }

  describe(jobId: string) {
    return this.call('DescribeClassificationJob', { jobId });
  }

  async status(jobId: string): Promise<string> {
    return (await this.describe(jobId)).jobStatus;
  }

  update(jobId: string, jobStatus: string) {
    return this.call('UpdateClassificationJob', { jobId, jobStatus });
  }

  /** Until this time after the start of the clock, a second included for calls. */
  async passUntil(seconds: number): Promise<void> {
    await this.clock.sleep(START + (seconds + 1) * 1000 - this.clock.now());
  }
}
