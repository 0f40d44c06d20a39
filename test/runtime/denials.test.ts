import { type Caller, type Denial, denialRemedy, parseDenial } from '../../src/runtime/denials';
import { CALLER, ROLE_ARN } from '../support/runs';

const ACTION = 'rum:CreateAppMonitor';
const RESOURCE = 'arn:aws:rum:eu-central-1:444455556666:appmonitor/shop';
const SUBJECT = `User: ${CALLER} is not authorized to perform: ${ACTION}`;
const FULL = `${SUBJECT} on resource: ${RESOURCE}`;
const ASSUMED: Caller = { roleArn: ROLE_ARN };
const OWN: Caller = {};

/** The forms of https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html, and others seen. */
const FORMS: ReadonlyArray<[message: string, denial: Partial<Denial>]> = [
  [`${FULL} because no identity-based policy allows the ${ACTION} action`, { policy: 'identity-based policy' }],
  [`${FULL} because no session policy allows the ${ACTION} action`, { policy: 'session policy' }],
  [`${FULL} because no permissions boundary allows the ${ACTION} action`, { policy: 'permissions boundary' }],
  [`${FULL} because no service control policy allows the ${ACTION} action`, { policy: 'service control policy' }],
  [`${FULL} because no resource-based policy allows the ${ACTION} action`, { policy: 'resource-based policy' }],
  [`${FULL} because no VPC endpoint policy allows the ${ACTION} action`, { policy: 'vpc endpoint policy' }],
  [`${FULL} because no role trust policy allows the ${ACTION} action`, { policy: 'role trust policy' }],
  [`${FULL} with an explicit deny in an identity-based policy`, { policy: 'identity-based policy', explicit: true }],
  [`${FULL} with an explicit deny in a sessions policy`, { policy: 'session policy', explicit: true }],
  [`${FULL} with an explicit deny in a session policy`, { policy: 'session policy', explicit: true }],
  [`${FULL} with an explicit deny in a permissions boundary`, { policy: 'permissions boundary', explicit: true }],
  [`${FULL} with an explicit deny in a service control policy`, { policy: 'service control policy', explicit: true }],
  [`${FULL} with an explicit deny in a resource control policy`, { policy: 'resource control policy', explicit: true }],
  [`${FULL} with an explicit deny in a resource-based policy`, { policy: 'resource-based policy', explicit: true }],
  [`${FULL} with an explicit deny in a VPC endpoint policy`, { policy: 'vpc endpoint policy', explicit: true }],
  [`${FULL} with an explicit deny in the role trust policy`, { policy: 'role trust policy', explicit: true }],
  [
    `${FULL}\nwith an explicit deny in a VPC endpoint policy transitively through a service control policy`,
    { policy: 'service control policy', explicit: true },
  ],
  [
    `${FULL} with an explicit deny in a service control policy: arn:aws:organizations::999999999999:policy/o-1/p-1`,
    { policy: 'service control policy', explicit: true },
  ],
  [`${FULL} with an explicit deny`, { explicit: true }],
  [FULL, {}],
  [`${SUBJECT} on resource: "${RESOURCE}"`, {}],
  [`${FULL}.`, {}],
  [`${SUBJECT.replace('perform: ', 'perform:\n')} on resource: ${RESOURCE}`, {}],
  [
    `You are not authorized to perform this operation. ${FULL} because no identity-based policy allows the ${ACTION} action. `,
    { policy: 'identity-based policy' },
  ],
  [
    `${SUBJECT} because no session policy allows the ${ACTION} action`,
    { policy: 'session policy', resource: undefined },
  ],
  [`${SUBJECT} on resource: my-widget`, { resource: undefined }],
  [
    `${SUBJECT} on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
    { policy: 'resource-based policy', resource: undefined },
  ],
];

test.each(FORMS)('reads "%s"', (message, denial) => {
  expect(parseDenial(message)).toEqual({
    principal: CALLER,
    action: ACTION,
    resource: RESOURCE,
    policy: undefined,
    explicit: false,
    ...denial,
  });
});

test.each(['You are not authorized to perform this operation.', 'Access Denied', ''])(
  'knows that "%s" tells nothing',
  (message) => {
    expect(parseDenial(message)).toEqual({ explicit: false });
  },
);

test('does not take a policy of a kind that it does not know for another', () => {
  expect(parseDenial(`${FULL} because no lunar policy allows the ${ACTION} action`)).toMatchObject({
    action: ACTION,
    policy: undefined,
  });
});

const STATEMENT = `{"Effect":"Allow","Action":"${ACTION}","Resource":"${RESOURCE}"}`;

describe('the remedy', () => {
  const remedy = (reason: string, caller: Caller | undefined) => denialRemedy(parseDenial(`${FULL} ${reason}`), caller);
  const missing = (kind: string) => `because no ${kind} allows the ${ACTION} action`;

  test.each([
    ['identity-based policy', `add ${STATEMENT} to the policies of the role ${ROLE_ARN} (a DelegatedRole`],
    ['session policy', `add ${STATEMENT} to sessionPolicy or sessionManagedPolicies of RoleAssumption`],
    ['permissions boundary', `add ${STATEMENT} to the permissions boundary of the role ${ROLE_ARN}`],
    ['service control policy', `add ${STATEMENT} to the service control policies of the organization`],
    ['resource-based policy', `add ${STATEMENT} to the policy of the resource itself, for the role ${ROLE_ARN}`],
    ['VPC endpoint policy', `add ${STATEMENT} to the policy of the VPC endpoint`],
  ])('for what no %s allows is the statement, and where it belongs', (kind, expected) => {
    expect(remedy(missing(kind), ASSUMED)).toContain(expected);
  });

  test.each([
    ['an identity-based policy', `narrow it in the policies of the role ${ROLE_ARN}`],
    ['a session policy', 'narrow it in sessionPolicy or sessionManagedPolicies of RoleAssumption'],
    ['a permissions boundary', `narrow it in the permissions boundary of the role ${ROLE_ARN}`],
    ['a service control policy', 'narrow it in the service control policies of the organization'],
    ['a resource control policy', 'narrow it in the resource control policies of the organization'],
    ['a VPC endpoint policy', 'narrow it in the policy of the VPC endpoint'],
  ])('for an explicit deny in %s is to narrow it, and no further statement', (kind, expected) => {
    const text = remedy(`with an explicit deny in ${kind}`, ASSUMED);
    expect(text).toBe(`a statement denies ${ACTION}: ${text.slice(text.indexOf('narrow'))}`);
    expect(text).toContain(expected);
    expect(text).not.toContain('"Allow"');
  });

  test('for an explicit deny of unknown place names all places', () => {
    expect(remedy('with an explicit deny', ASSUMED)).toBe(
      `a statement denies ${ACTION}: narrow it in the policies of the role ${ROLE_ARN} or of the organization`,
    );
  });

  test('where AWS does not say why is the statement, and what else to look for', () => {
    expect(remedy('', ASSUMED)).toBe(
      `add ${STATEMENT} to the policies of the role ${ROLE_ARN} (a DelegatedRole that manages this construct has it); where they have it, look for a session policy, permissions boundary or service control policy`,
    );
  });

  test('for a call with our own role says that the library should have granted it', () => {
    expect(remedy(missing('identity-based policy'), OWN)).toBe(
      `add ${STATEMENT} to the policies of the role shop-Provider-1ABC of account 111122223333 (cdk-settled gives its own roles what they need: unless a policy was changed since, please report a bug)`,
    );
  });

  test('names the role by the principal where nothing else is known', () => {
    expect(remedy(missing('permissions boundary'), undefined)).toBe(
      `add ${STATEMENT} to the permissions boundary of the role shop-Provider-1ABC of account 111122223333`,
    );
  });

  test('names all resources where AWS names none', () => {
    const denial = parseDenial(`${SUBJECT} because no identity-based policy allows the ${ACTION} action`);
    expect(denialRemedy(denial, ASSUMED)).toContain(`{"Effect":"Allow","Action":"${ACTION}","Resource":"*"}`);
  });

  test('where AWS names nothing sends to the role, and names what else may deny', () => {
    const nothing = parseDenial('You are not authorized to perform this operation.');
    expect(denialRemedy(nothing, ASSUMED)).toMatch(
      /^AWS names neither .* give the role arn:.*Deploy what a DelegatedRole/,
    );
    expect(denialRemedy(nothing, OWN)).toMatch(/grant this action to the role that made the call/);
  });
});
