import { SamlIssuer } from '../../sandbox/issuers/saml-issuer';
import { WebIdentityIssuer } from '../../sandbox/issuers/web-identity-issuer';
import type { Sandbox } from '../../sandbox/sandbox';
import { type Happening, type Scenario, synth } from '../scenario';
import { FederationStack } from './federation-stack';
import { People } from './people';

const ci = new WebIdentityIssuer('https://ci.example.com');
const directory = new SamlIssuer();

const federation = async () => {
  const samlMetadata = await directory.metadata();
  return synth((app) => new FederationStack(app, 'Federation', { samlMetadata }));
};

const CODE = '123456';

/** Each comes in their own way; whom nobody has asked in is refused. */
async function comeIn(sandbox: Sandbox): Promise<Happening[]> {
  const { accountId, region, stacks } = sandbox;
  const listed = stacks.get('Federation', accountId, region)?.outputs ?? [];
  const outputs = Object.fromEntries(listed.map(({ key, value }) => [key, value]));
  sandbox.iam.identityProviders.publishKeys(ci.url, ci.jwks);
  sandbox.iam.users.setMfaCode(outputs.OperatorDevice ?? '', CODE);
  const people = new People(sandbox, outputs);
  const stories = [
    () => people.build(ci, 'main'),
    () => people.build(ci, 'my-fork'),
    () => people.staff(directory, 'ann'),
    () => people.visitor(),
    () => people.customer('customer-17'),
    () => people.customer('somebody'),
    () => people.operator(CODE),
    () => people.operator(),
  ];
  const told: Happening[] = [];
  for (const story of stories) told.push({ text: await story(), at: sandbox.clock.now() });
  return told;
}

/** Who comes into an account from elsewhere. */
export const federationScenario: Scenario = {
  title: 'STS: builds, staff, visitors, customers and operators',
  steps: [
    {
      title: 'create a role, or what it takes, for each of them',
      run: async (sandbox) => sandbox.deploy(await federation()),
      ends: 'CREATE_COMPLETE',
    },
    { title: 'all of them come in, and some whom nobody has asked', run: async () => [], tell: comeIn },
    {
      title: 'delete everything',
      run: async (sandbox) => sandbox.destroy(await federation()),
      ends: 'DELETE_COMPLETE',
    },
  ],
};
