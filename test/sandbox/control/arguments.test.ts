import { parseCommandLine } from '../../../sandbox/control/arguments';

const parse = (line: string) => parseCommandLine(line.split(' ').filter(Boolean), '/home/user/app');

const deploy = (options: object = {}) => ({ command: 'deploy', assembly: '/home/user/app/cdk.out', options });
const destroy = (options: object = {}) => ({ command: 'destroy', assembly: '/home/user/app/cdk.out', options });
const TO = '--to http://127.0.0.1:8080';

test.each<[string, object]>([
  ['--help', { kind: 'help' }],
  ['deploy -h', { kind: 'help' }],
  ['help', { kind: 'help' }],
  ['deploy cdk.out', { kind: 'here', requests: [deploy()], sandbox: {} }],
  ['deploy /abs/cdk.out', { kind: 'here', requests: [{ ...deploy(), assembly: '/abs/cdk.out' }], sandbox: {} }],
  ['deploy cdk.out --destroy', { kind: 'here', requests: [deploy(), destroy()], sandbox: {} }],
  [
    'deploy cdk.out --stack A --stack B --parameter p=1 --parameter q=a=b --parameter r= --no-rollback --destroy',
    {
      kind: 'here',
      requests: [
        deploy({ stacks: ['A', 'B'], parameters: { p: '1', q: 'a=b', r: '' }, disableRollback: true }),
        destroy({ stacks: ['A', 'B'] }),
      ],
      sandbox: {},
    },
  ],
  [
    'deploy cdk.out --seed 7 --account 222222222222 --region us-gov-east-1',
    {
      kind: 'here',
      requests: [deploy()],
      sandbox: { seed: 7, accountId: '222222222222', region: 'us-gov-east-1' },
    },
  ],
  ['deploy cdk.out --serve', { kind: 'here', requests: [deploy()], serve: {}, sandbox: {} }],
  ['serve --port 8080', { kind: 'here', requests: [], serve: { port: 8080 }, sandbox: {} }],
  [`deploy cdk.out --destroy ${TO}`, { kind: 'running', address: TO.slice(5), requests: [deploy(), destroy()] }],
  [
    `destroy cdk.out --stack A ${TO}`,
    { kind: 'running', address: TO.slice(5), requests: [destroy({ stacks: ['A'] })] },
  ],
  [`inventory ${TO}`, { kind: 'running', address: TO.slice(5), requests: [{ command: 'inventory' }] }],
])('%s', (line, meaning) => {
  expect(parse(line)).toEqual(meaning);
});

test.each<[string, string]>([
  ['', 'a command is missing: deploy, destroy, inventory, serve; see npm run sandbox -- help'],
  ['deplyo cdk.out', 'unknown command "deplyo", use one of deploy, destroy, inventory, serve'],
  ['constructor', 'unknown command "constructor"'],
  ['deploy', 'deploy needs the folder of a cloud assembly, such as cdk.out'],
  [`destroy ${TO}`, 'destroy needs the folder'],
  ['deploy cdk.out other', 'deploy has no use for "other"'],
  ['serve cdk.out', 'to deploy it first, use deploy cdk.out --serve'],
  [`inventory cdk.out ${TO}`, 'inventory has no use for "cdk.out"'],
  ['deploy cdk.out --sead 3', "unknown option '--sead'; see npm run sandbox -- help"],
  ['deploy cdk.out --seed', "option '--seed <value>' argument missing; see"],
  ['deploy cdk.out --seed -3', "option '--seed' argument is ambiguous; see"],
  ['deploy cdk.out --seed 1.5', '--seed must be a whole number from 0 to 4294967295, got "1.5"'],
  ['serve --port 65536', '--port must be a whole number from 1 to 65535, got "65536"'],
  ['deploy cdk.out --port 80', '--port is for a sandbox that is kept running: add --serve'],
  ['deploy cdk.out --account 12', '--account must be 12 digits, got "12"'],
  ['deploy cdk.out --region moon', '--region must be the name of a region, such as eu-central-1, got "moon"'],
  ['deploy cdk.out --parameter name', '--parameter must have the form name=value, got "name"'],
  ['deploy cdk.out --parameter =value', '--parameter must have the form name=value, got "=value"'],
  ['serve --stack A', 'serve has no option --stack'],
  [`destroy cdk.out --parameter a=b ${TO}`, 'destroy has no option --parameter'],
  [`deploy cdk.out --seed 3 ${TO}`, '--seed is for a sandbox that is started, but --to names one that runs'],
  [`deploy cdk.out --serve ${TO}`, '--serve is for a sandbox that is started'],
  ['destroy cdk.out', 'destroy is for a sandbox that is kept running: name its control address with --to <url>'],
  ['inventory', 'inventory is for a sandbox that is kept running'],
  [
    'inventory --to localhost:8080',
    '--to must be a control address such as http://127.0.0.1:8080, got "localhost:8080"',
  ],
  ['inventory --to 8080', '--to must be a control address'],
])('"%s" is refused', (line, message) => {
  expect(() => parse(line)).toThrow(message);
});
