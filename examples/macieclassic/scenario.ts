import type { Sandbox } from '../../sandbox/sandbox';
import { macieclassic } from '../../src';
import { type Scenario, synth } from '../scenario';
import { ArchiveStack, type ArchiveStackProps } from './archive-stack';

const archive = (props: ArchiveStackProps = {}) => synth((app) => new ArchiveStack(app, 'Archive', props));

const CLASSIFIED = { existingContracts: macieclassic.OneTimeClassification.FULL };
const PREFIXES = ['incoming/', 'outgoing/'];

/** What somebody else in the account has done in the console. */
function colleague({ macieClassic, world, accountId, region }: Sandbox) {
  const state = world.state(macieClassic, accountId, region);
  const incoming = { accountId, bucketName: 'partner-exchange', prefix: 'incoming/' };
  return {
    associates: () => macieClassic.associate(state, incoming),
    disassociates: () => macieClassic.disassociate(state, incoming),
    breaksOutgoing: () =>
      macieClassic.fail(state, {
        bucketName: 'partner-exchange',
        prefix: 'outgoing/',
        code: 'AccessDenied',
        message: 'The policy of the bucket denies access.',
      }),
  };
}

/** The life of a few associations, and the end of the service. */
export const macieClassicScenario: Scenario = {
  title: 'Macie Classic: an archive and a part of a bucket of a partner',
  steps: [
    {
      title: 'create: three resources, one of which a colleague has associated before',
      run: (sandbox) => {
        colleague(sandbox).associates();
        return sandbox.deploy(archive());
      },
      ends: 'CREATE_COMPLETE',
    },
    {
      title: 'update in place: one call, which has the contracts classified that are there already',
      run: (sandbox) => sandbox.deploy(archive(CLASSIFIED)),
      ends: 'UPDATE_COMPLETE',
    },
    {
      title: 'fail and roll back: Macie accepts the call, but not what the partner denies',
      run: async (sandbox) => {
        const heal = colleague(sandbox).breaksOutgoing();
        const result = await sandbox.deploy(archive({ ...CLASSIFIED, partnerPrefixes: PREFIXES }));
        heal();
        return result;
      },
      ends: 'UPDATE_ROLLBACK_COMPLETE',
    },
    {
      title: 'once more, when the partner has mended it',
      run: (sandbox) => sandbox.deploy(archive({ ...CLASSIFIED, partnerPrefixes: PREFIXES })),
      ends: 'UPDATE_COMPLETE',
    },
    {
      title: 'delete everything',
      run: (sandbox) => sandbox.destroy(archive()),
      ends: 'DELETE_COMPLETE',
    },
    {
      title: "the colleague's association is still there; they remove it themselves",
      run: async (sandbox) => {
        colleague(sandbox).disassociates();
        return [];
      },
    },
    {
      title: 'AWS has switched Macie Classic off: a deployment fails and names the successor',
      run: (sandbox) => {
        sandbox.macieClassic.decommission();
        return sandbox.deploy(archive());
      },
      ends: 'ROLLBACK_COMPLETE',
    },
    {
      title: 'delete what that left',
      run: (sandbox) => sandbox.destroy(archive()),
      ends: 'DELETE_COMPLETE',
    },
  ],
};
