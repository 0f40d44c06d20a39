import type {
  CreateClassificationJobCommandInput,
  DescribeClassificationJobCommandOutput,
  JobScheduleFrequency,
  S3JobDefinition,
} from '@aws-sdk/client-macie2';
import { SettlingError } from '../runtime/errors';
import type { Properties } from '../runtime/properties';
import type { Tags } from '../runtime/tags';

/** What a job is made with and keeps: nothing of it can be changed. */
export type JobSettings = Omit<CreateClassificationJobCommandInput, 'clientToken' | 'name' | 'tags'>;

export interface JobGoal {
  /** Absent for a generated name. */
  readonly name?: string;
  readonly settings: JobSettings;
  readonly tags: Tags;
}

export function decodeJob(properties: Properties): JobGoal {
  const jobType = properties.string('JobType');
  if (jobType !== 'ONE_TIME' && jobType !== 'SCHEDULED') {
    throw new SettlingError(`property JobType must be ONE_TIME or SCHEDULED, got "${jobType}"`);
  }
  return {
    name: properties.optionalString('Name'),
    settings: {
      jobType,
      description: properties.optionalString('Description'),
      // Neither may be given for a job that runs once.
      ...(jobType === 'SCHEDULED' && {
        initialRun: properties.optionalBoolean('InitialRun') ?? false,
        scheduleFrequency: decodeSchedule(properties.optionalObject('Schedule')),
      }),
      s3JobDefinition: properties.document('S3Job') as unknown as S3JobDefinition,
      managedDataIdentifierSelector: properties.optionalString(
        'ManagedDataIdentifierSelector',
      ) as JobSettings['managedDataIdentifierSelector'],
      managedDataIdentifierIds: properties.optionalStrings('ManagedDataIdentifierIds'),
      customDataIdentifierIds: properties.optionalStrings('CustomDataIdentifierIds'),
      allowListIds: properties.optionalStrings('AllowListIds'),
      samplingPercentage: properties.optionalNumber('SamplingPercentage'),
    },
    tags: properties.tags('Tags'),
  };
}

function decodeSchedule(schedule: Properties | undefined): JobScheduleFrequency {
  const dayOfWeek = schedule?.optionalString('Weekly');
  const dayOfMonth = schedule?.optionalNumber('Monthly');
  if (dayOfWeek !== undefined) {
    return { weeklySchedule: { dayOfWeek } as JobScheduleFrequency['weeklySchedule'] };
  }
  return dayOfMonth === undefined ? { dailySchedule: {} } : { monthlySchedule: { dayOfMonth } };
}

/** What is compared, in the words of a failure. Each is told in one form, whatever the service answers for a default. */
const ASPECTS: Readonly<Record<string, (settings: Partial<DescribeClassificationJobCommandOutput>) => unknown>> = {
  'the description': ({ description }) => description,
  'the type': ({ jobType }) => jobType,
  'the initial run': ({ initialRun }) => initialRun ?? false,
  'the schedule': ({ scheduleFrequency }) => scheduleName(scheduleFrequency),
  'the scope': ({ s3JobDefinition }) => s3JobDefinition,
  'the selection of managed data identifiers': ({ managedDataIdentifierSelector }) =>
    managedDataIdentifierSelector ?? 'RECOMMENDED',
  'the managed data identifiers': ({ managedDataIdentifierIds }) => managedDataIdentifierIds,
  'the custom data identifiers': ({ customDataIdentifierIds }) => customDataIdentifierIds,
  'the allow lists': ({ allowListIds }) => allowListIds,
  'the sampling': ({ samplingPercentage }) => samplingPercentage ?? 100,
};

function scheduleName({ weeklySchedule, monthlySchedule, dailySchedule }: JobScheduleFrequency = {}): unknown {
  if (weeklySchedule !== undefined) return ['weekly', weeklySchedule.dayOfWeek];
  if (monthlySchedule !== undefined) return ['monthly', monthlySchedule.dayOfMonth];
  return dailySchedule && 'daily';
}

/** In which aspects two jobs differ. */
export function settingsDifferences(
  goal: JobSettings,
  present: Partial<DescribeClassificationJobCommandOutput>,
): string[] {
  const [a, b] = [goal as Partial<DescribeClassificationJobCommandOutput>, present];
  return Object.entries(ASPECTS).flatMap(([name, read]) => (canonical(read(a)) === canonical(read(b)) ? [] : [name]));
}

/** Order means nothing in any list of a job, and what is empty is the same as absent. */
function canonical(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) {
    const items = value.map(canonical).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : `[${items.sort().join()}]`;
  }
  if (typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value)
    .map(([key, member]) => [key, canonical(member)] as const)
    .filter(([, member]) => member !== undefined);
  return members.length === 0
    ? undefined
    : `{${members
        .map(([key, member]) => `${key}:${member}`)
        .sort()
        .join()}}`;
}
