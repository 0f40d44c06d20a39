import type { StackResult } from '../../sandbox/cloudformation/stacks';
import type { Sandbox } from '../../sandbox/sandbox';
import { sts } from '../../src';
import { type Scenario, synth } from '../scenario';
import { ExplainedStack } from './explained-stack';
import { addWatch, WORKLOAD } from './watch';
import type { WatchStackProps } from './watch-stack';

const watch = (props: Partial<WatchStackProps> = {}) => synth((app) => addWatch(app, props));
const explained = () => synth((app) => new ExplainedStack(app, 'Explained'));

/** The watching stack alone, with an external id that somebody has mistyped. */
function mistyped(sandbox: Sandbox): Promise<readonly StackResult[]> {
  const { arn = '' } = sandbox.iam.roles(WORKLOAD.account).find(({ name }) => name.includes('Watch')) ?? {};
  const assumption = sts.RoleAssumption.fromRoleArn(arn, { externalId: 'shop-7d2g' });
  return sandbox.deploy(watch({ assumption, sessionSampleRate: 1 }), { stacks: ['Watch'] });
}

/** One account manages an app monitor in another, and what goes wrong when it may not. */
export const delegationScenario: Scenario = {
  title: 'STS: an account that watches over another one',
  options: { cloudHsm: { ec2Denial: 'encoded' } },
  steps: [
    {
      title: `create: a role in account ${WORKLOAD.account}, and through it an app monitor there`,
      run: (sandbox) => sandbox.deploy(watch()),
      ends: 'CREATE_COMPLETE',
    },
    {
      title: 'update in place: record half of the sessions',
      run: (sandbox) => sandbox.deploy(watch({ sessionSampleRate: 0.5 })),
      ends: 'UPDATE_COMPLETE',
    },
    {
      title: 'fail and roll back: the external id is mistyped',
      run: mistyped,
      ends: 'UPDATE_ROLLBACK_COMPLETE',
    },
    {
      title: 'delete both stacks, the role last',
      run: (sandbox) => sandbox.destroy(watch()),
      ends: 'DELETE_COMPLETE',
    },
    {
      title: 'fail: the organization forbids security groups; the reason comes encoded, and is decoded',
      run: (sandbox) => {
        const forbidden = {
          Effect: 'Deny' as const,
          Action: 'ec2:CreateSecurityGroup',
          Resource: 'arn:aws:ec2:*:*:security-group/*',
        };
        sandbox.iam.serviceControlPolicies.set(sandbox.accountId, [{ Statement: [forbidden] }]);
        return sandbox.deploy(explained());
      },
      ends: 'ROLLBACK_COMPLETE',
    },
    {
      title: 'delete what is left of that stack',
      run: (sandbox) => sandbox.destroy(explained()),
      ends: 'DELETE_COMPLETE',
    },
  ],
};
