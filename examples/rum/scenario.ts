import { CreateAppMonitorCommand, DeleteAppMonitorCommand, RUMClient } from '@aws-sdk/client-rum';
import type { Sandbox } from '../../sandbox/sandbox';
import { rum } from '../../src';
import { type Scenario, synth } from '../scenario';
import { ShopStack, type ShopStackProps } from './shop-stack';

const shop = (props: ShopStackProps = {}) => synth((app) => new ShopStack(app, 'Shop', props));

const TAKEN_NAME = 'spring-campaign';

/** Somebody else in the account, who works without the stack. */
function colleague(sandbox: Sandbox): RUMClient {
  return new RUMClient(sandbox.clientConfiguration());
}

/** The life of two app monitors, with a deployment that fails. */
export const rumScenario: Scenario = {
  title: 'CloudWatch RUM: a shop and its blog',
  steps: [
    {
      title: 'create two app monitors with their identity pools and guest roles',
      run: (sandbox) => sandbox.deploy(shop()),
      ends: 'CREATE_COMPLETE',
    },
    {
      title: 'update in place: record half of the sessions',
      run: (sandbox) => sandbox.deploy(shop({ sessionSampleRate: 0.5 })),
      ends: 'UPDATE_COMPLETE',
    },
    {
      title: 'replace: RUM cannot take an identity pool away from the blog',
      run: (sandbox) => sandbox.deploy(shop({ sessionSampleRate: 0.5, blogAuthorization: rum.Authorization.none() })),
      ends: 'UPDATE_COMPLETE',
    },
    {
      title: `fail and roll back: a colleague has an app monitor named "${TAKEN_NAME}" already`,
      run: async (sandbox) => {
        await colleague(sandbox).send(new CreateAppMonitorCommand({ Name: TAKEN_NAME, Domain: 'example.com' }));
        return sandbox.deploy(shop({ sessionSampleRate: 1, campaignMonitorName: TAKEN_NAME }));
      },
      ends: 'UPDATE_ROLLBACK_COMPLETE',
    },
    {
      title: 'delete everything',
      run: (sandbox) => sandbox.destroy(shop()),
      ends: 'DELETE_COMPLETE',
    },
    {
      title: "the colleague's app monitor is still there; they delete it themselves",
      run: async (sandbox) => {
        await colleague(sandbox).send(new DeleteAppMonitorCommand({ Name: TAKEN_NAME }));
        return [];
      },
    },
  ],
};
