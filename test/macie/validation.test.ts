import { Lazy, Size, Tags } from 'aws-cdk-lib';
import {
  BucketCondition,
  ClassificationJob,
  type ClassificationJobProps,
  Comparison,
  JobSchedule,
  ManagedDataIdentifiers,
  ObjectCondition,
} from '../../src/macie';
import { messageOf, synthesize, testStack } from '../support/synthesis';

const TOKEN = Lazy.string({ produce: () => 'not valid anywhere: <>' });
const LIST_TOKEN = Lazy.list({ produce: () => ['not valid anywhere: <>'] });
const NUMBER_TOKEN = Lazy.number({ produce: () => -1 });

function check(props: Partial<ClassificationJobProps>): void {
  new ClassificationJob(testStack(), 'Job', { buckets: [{ bucketNames: ['logs'] }], ...props });
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `name-${index}`);
}

function tags(count: number): Record<string, string> {
  return Object.fromEntries(names(count).map((name) => [name, 'value']));
}

describe('a job', () => {
  const valid: Array<[string, Partial<ClassificationJobProps>]> = [
    ['a name of 500 characters', { jobName: 'a'.repeat(500) }],
    ['a description of 200 characters', { description: 'a'.repeat(200) }],
    ['a sampling of 1 percent', { samplingPercentage: 1 }],
    ['a sampling of 100 percent', { samplingPercentage: 100 }],
    ['1,000 buckets', { buckets: [{ bucketNames: names(1000) }] }],
    ['1,000 buckets twice', { buckets: [{ bucketNames: [...names(1000), ...names(1000)] }] }],
    ['30 custom data identifiers', { customDataIdentifierIds: names(30) }],
    ['10 allow lists', { allowListIds: names(10) }],
    ['47 tags', { tags: tags(47) }],
    [
      'tokens everywhere',
      {
        jobName: TOKEN,
        description: TOKEN,
        samplingPercentage: NUMBER_TOKEN,
        buckets: [{ accountId: TOKEN, bucketNames: LIST_TOKEN }],
        customDataIdentifierIds: LIST_TOKEN,
        allowListIds: LIST_TOKEN,
        managedDataIdentifiers: ManagedDataIdentifiers.NONE,
      },
    ],
  ];
  test.each(valid)('can have %s', (_, props) => {
    expect(() => check(props)).not.toThrow();
  });

  const invalid: Array<[string, Partial<ClassificationJobProps>, string]> = [
    ['an empty name', { jobName: '' }, 'jobName must have 1 to 500 characters (it has 0), got ""'],
    ['a name of 501 characters', { jobName: 'a'.repeat(501) }, 'jobName must have 1 to 500 characters (it has 501)'],
    [
      'a description of 201',
      { description: 'a'.repeat(201) },
      'description must have 0 to 200 characters (it has 201)',
    ],
    ['no sampling', { samplingPercentage: 0 }, 'samplingPercentage must be from 1 to 100, got 0'],
    ['too much sampling', { samplingPercentage: 101 }, 'samplingPercentage must be from 1 to 100, got 101'],
    ['half a percent', { samplingPercentage: 1.5 }, 'samplingPercentage must be a whole number, got 1.5'],
    [
      '31 custom identifiers',
      { customDataIdentifierIds: names(31) },
      'customDataIdentifierIds must have 0 to 30 entries',
    ],
    ['11 allow lists', { allowListIds: names(11) }, 'allowListIds must have 0 to 10 entries'],
    ['48 tags', { tags: tags(48) }, 'tags must have 0 to 47 entries, got "48 entries"'],
    ['a reserved tag', { tags: { 'AWS:x': '' } }, 'tags key "AWS:x" is reserved by AWS'],
    [
      'a first run without a schedule',
      { initialRun: true },
      'initialRun is for a job with a schedule; pass a schedule, or leave initialRun out',
    ],
    ['no data identifiers', { managedDataIdentifiers: ManagedDataIdentifiers.NONE }, 'pass some, or use other managed'],
    ['no buckets', { buckets: undefined }, 'pass either buckets or bucketCriteria, got neither'],
    [
      'buckets in two ways',
      { bucketCriteria: { includes: [BucketCondition.nameIs('a')] } },
      'pass either buckets or bucketCriteria, got both',
    ],
    ['an empty list of buckets', { buckets: [] }, 'buckets must have at least one entry, got "0 entries"'],
    ['an account without buckets', { buckets: [{}] }, 'buckets[0] names no bucket; pass buckets, bucketNames or both'],
    [
      'an account that is none',
      { buckets: [{ accountId: 'me', bucketNames: ['a'] }] },
      'buckets[0].accountId must be the 12 digits of an account, got "me"',
    ],
    [
      'an empty name of a bucket',
      { buckets: [{ bucketNames: [''] }] },
      'buckets[0].bucketNames must have 1 to 255 characters (it has 0)',
    ],
    [
      '1,001 buckets in two accounts',
      { buckets: [{ bucketNames: names(1000) }, { accountId: '222222222222', bucketNames: ['a'] }] },
      'buckets must name at most 1000 buckets, got "1001 buckets"',
    ],
    [
      'criteria without a condition',
      { buckets: undefined, bucketCriteria: { includes: [] } },
      'bucketCriteria has no condition; pass at least one in includes or excludes',
    ],
  ];
  test.each(invalid)('cannot have %s', (_, props, message) => {
    expect(messageOf(() => check(props))).toMatch(/^Stack\/Job: /);
    expect(messageOf(() => check(props))).toContain(message);
  });

  test('says all that is wrong at once', () => {
    expect(messageOf(() => check({ jobName: '', samplingPercentage: 0 }))).toBe(
      'Stack/Job: jobName must have 1 to 500 characters (it has 0), got ""; samplingPercentage must be from 1 to 100, got 0',
    );
  });

  test('cannot get tags later that Macie does not take', () => {
    expect(() =>
      synthesize((stack) => {
        Tags.of(stack).add('team', '<web>');
        new ClassificationJob(stack, 'Job', { buckets: [{ bucketNames: ['logs'] }] });
      }),
    ).toThrow("excludeResourceTypes: ['Custom::SettledMacieClassificationJob']");
  });
});

test.each<[string, () => unknown, string]>([
  ['no day of a month', () => JobSchedule.monthly(0), 'macie.JobSchedule: dayOfMonth must be from 1 to 31, got 0'],
  ['day 32', () => JobSchedule.monthly(32), 'dayOfMonth must be from 1 to 31, got 32'],
  ['half a day', () => JobSchedule.monthly(1.5), 'dayOfMonth must be a whole number, got 1.5'],
  ['no identifiers', () => ManagedDataIdentifiers.only(), 'identifierIds must have at least one entry'],
  ['no exceptions', () => ManagedDataIdentifiers.allExcept(), 'identifierIds must have at least one entry'],
  ['no prefix', () => ObjectCondition.keyStartsWith(), 'macie.ObjectCondition: values must have at least one entry'],
  ['an empty prefix', () => ObjectCondition.keyStartsWith(''), 'values must not be empty, got ""'],
  [
    'an extension with a dot',
    () => ObjectCondition.extensionIs('.pdf'),
    'extensions must be given without the dot, got ".pdf"',
  ],
  ['no tags of objects', () => ObjectCondition.tagIs(), 'tags must have at least one entry'],
  ['an empty tag of objects', () => ObjectCondition.tagIs({ key: '' }), 'tags key must have 1 to 128 characters'],
  [
    'no account',
    () => BucketCondition.accountIs('me'),
    'macie.BucketCondition: values must be the 12 digits of an account',
  ],
  ['no name of a bucket', () => BucketCondition.nameIs(), 'values must have at least one entry'],
  ['an empty tag of buckets', () => BucketCondition.tagIsNot({}), 'tags must each have a key, a value or both, got {}'],
])('%s is rejected', (_, make, message) => {
  expect(messageOf(make)).toContain(message);
});

test('conditions take tokens', () => {
  expect(() => {
    ObjectCondition.keyStartsWith(TOKEN);
    ObjectCondition.size(Comparison.EQUAL, Size.bytes(0));
    BucketCondition.accountIs(TOKEN);
  }).not.toThrow();
});
