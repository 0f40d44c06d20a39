import { CloudWatchClient, DescribeAlarmHistoryCommand } from '@aws-sdk/client-cloudwatch';
import type { Sandbox } from '../../sandbox/sandbox';
import { type Happening, type Scenario, type Step, synth } from '../scenario';
import { OrdersStack } from './orders-stack';

const orders = () => synth((app) => new OrdersStack(app, 'Orders'));

const MINUTE = 60_000;

/** An incident of a database, as its alarms see it. */
export const performanceInsightsScenario: Scenario = {
  title: 'Performance Insights: an alarm on what a database waits for',
  steps: [
    {
      title: 'create: database, polling, and alarms that begin when there is data',
      run: (sandbox) => sandbox.deploy(orders()),
      ends: 'CREATE_COMPLETE',
    },
    passing('a quiet quarter of an hour', 15),
    { ...passing('twelve sessions wait for a lock, for ten minutes', 10), run: incident },
    passing('the quarter of an hour after', 15),
    {
      title: 'delete everything',
      run: (sandbox) => sandbox.destroy(orders()),
      ends: 'DELETE_COMPLETE',
    },
  ],
};

function passing(title: string, minutes: number): Step {
  return { title, run: (sandbox) => pass(sandbox, minutes), tell: alarmsAndMessages };
}

async function pass(sandbox: Sandbox, minutes: number): Promise<[]> {
  await sandbox.clock.sleep(minutes * MINUTE);
  return [];
}

async function incident(sandbox: Sandbox): Promise<[]> {
  const { accountId, region, clock, supporting } = sandbox;
  const { resourceId } = supporting.tools.databases.instances.existing({ accountId, region }, OrdersStack.INSTANCE);
  const from = new Date(clock.now());
  const to = new Date(clock.now() + 10 * MINUTE);
  supporting.performanceInsights.controls.incident({ resourceId, from, to, sessions: 12, waitEvent: 'Lock:tuple' });
  return pass(sandbox, 10);
}

async function alarmsAndMessages(sandbox: Sandbox, since: number): Promise<Happening[]> {
  const all = [...(await alarmStates(sandbox)), ...messages(sandbox)];
  return all.filter(({ at }) => at >= since).sort((a, b) => a.at - b.at);
}

async function alarmStates(sandbox: Sandbox): Promise<Happening[]> {
  const client = new CloudWatchClient(sandbox.clientConfiguration());
  const command = new DescribeAlarmHistoryCommand({ HistoryItemType: 'StateUpdate', MaxRecords: 100 });
  const { AlarmHistoryItems = [] } = await client.send(command);
  return AlarmHistoryItems.map(({ AlarmName, Timestamp, HistorySummary }) => ({
    at: Timestamp!.getTime(),
    text: `${HistorySummary}: ${AlarmName}`,
  }));
}

/** What the topic was told: in words by the library's notification, in JSON by CloudWatch itself. */
function messages({ accountId, region, supporting }: Sandbox): Happening[] {
  const told = supporting.tools.topics.messages(`arn:aws:sns:${region}:${accountId}:${OrdersStack.TOPIC}`);
  return told.map(({ at, subject, message }) => ({
    at,
    text: `message to the topic: ${subject}${message.startsWith('{') ? '' : `\n  ${message.replaceAll('\n', '\n  ')}`}`,
  }));
}
