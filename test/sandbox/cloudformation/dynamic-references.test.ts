import { checkDynamicReferences } from '../../../sandbox/cloudformation/dynamic-references';
import type { SecretsState } from '../../../sandbox/services/secretsmanager/state';

const ARN = 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:Db-AbCdEf';
const SECRET = { name: 'Db', arn: ARN, createdAt: 0, changedAt: 0, tags: {}, versions: [] };
const secrets = (): SecretsState => ({ secrets: new Map([['Db', SECRET]]), values: new Set() });
const reference = (id: string) => `{{resolve:secretsmanager:${id}:SecretString:password::}}`;
const check = (properties: Record<string, unknown>) => () =>
  checkDynamicReferences(properties, 'Resources.Db.Properties', ['Password'], secrets);

test.each<[string, Record<string, unknown>, RegExp | undefined]>([
  ['to a secret stands where the type takes one', { Password: reference(ARN) }, undefined],
  ['to a secret that is not there fails the resource', { Password: reference(`${ARN}x`) }, /can't find/],
  ['is refused in other properties', { Name: reference(ARN) }, /Db\.Properties\.Name has the dynamic reference/],
  ['is found deep within', { Name: [{ a: reference(ARN) }] }, /Name\[0\]\.a has the dynamic reference/],
  ['of another kind is refused', { Password: '{{resolve:ssm-secure:name}}' }, /does not know/],
])('a dynamic reference %s', (_name, properties, message) => {
  if (message === undefined) expect(check(properties)).not.toThrow();
  else expect(check(properties)).toThrow(message);
});
