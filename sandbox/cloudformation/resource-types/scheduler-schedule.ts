import type { ScheduleDefinition, Target } from '../../services/scheduler/state';
import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { isObject } from '../values';
import { immediate } from './immediate';
import { ResourceFailure, type Task } from './resource-type';
import { unlessGone } from './unless-gone';

/** A schedule that invokes a Lambda function. */
export const schedule = immediate({
  name: 'AWS::Scheduler::Schedule',
  properties: [
    'Description',
    'EndDate',
    'FlexibleTimeWindow',
    'GroupName',
    'Name',
    'ScheduleExpression',
    'ScheduleExpressionTimezone',
    'StartDate',
    'State',
    'Target',
  ],
  required: ['FlexibleTimeWindow', 'ScheduleExpression', 'Target'],
  replacedBy: ['GroupName', 'Name'],
  standing: false,

  make(task) {
    const { tools, properties, stack, logicalId } = task;
    const name = (properties.Name as string | undefined) ?? generatedName(tools.world.random, stack.name, logicalId);
    const { arn } = tools.schedules.create(nameOf(task, name), definitionOf(properties));
    return { physicalId: name, attributes: { Arn: arn, group: properties.GroupName } };
  },

  change(task, current) {
    task.tools.schedules.update(nameOf(task, current.physicalId), definitionOf(task.properties));
    return current;
  },

  remove(task, { physicalId, attributes }) {
    const group = attributes.group as string | undefined;
    unlessGone(() => task.tools.schedules.delete({ ...nameOf(task, physicalId), group }));
  },
});

function nameOf({ accountId, region, properties }: Task, name: string) {
  return { accountId, region, name, group: properties.GroupName as string | undefined };
}

function definitionOf(properties: Properties): ScheduleDefinition {
  const { Description, FlexibleTimeWindow, ScheduleExpression, ScheduleExpressionTimezone, State } = properties;
  const window = isObject(FlexibleTimeWindow) ? FlexibleTimeWindow : {};
  return {
    description: Description as string | undefined,
    expression: ScheduleExpression as string,
    timeZone: ScheduleExpressionTimezone as string | undefined,
    startDate: timeOf(properties, 'StartDate'),
    endDate: timeOf(properties, 'EndDate'),
    state: State as ScheduleDefinition['state'],
    windowMinutes: window.Mode === 'FLEXIBLE' ? Number(window.MaximumWindowInMinutes) : undefined,
    target: targetOf(properties),
  };
}

function targetOf({ Target: target }: Properties): Target {
  if (!isObject(target)) throw new ResourceFailure('Target must be an object');
  const unknown = Object.keys(target).filter((key) => !TARGET.includes(key));
  if (unknown.length > 0) throw new ResourceFailure(`the sandbox does not know Target.${unknown.join(', Target.')}`);
  const retries = isObject(target.RetryPolicy) ? target.RetryPolicy : {};
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = retries;
  return {
    arn: target.Arn as string,
    roleArn: target.RoleArn as string,
    input: target.Input as string | undefined,
    retries: {
      ...(MaximumRetryAttempts !== undefined && { maximumRetryAttempts: Number(MaximumRetryAttempts) }),
      ...(MaximumEventAgeInSeconds !== undefined && { maximumEventAgeSeconds: Number(MaximumEventAgeInSeconds) }),
    },
    deadLetterArn: isObject(target.DeadLetterConfig) ? (target.DeadLetterConfig.Arn as string) : undefined,
  };
}

const TARGET = ['Arn', 'DeadLetterConfig', 'Input', 'RetryPolicy', 'RoleArn'];

function timeOf(properties: Properties, key: 'StartDate' | 'EndDate'): number | undefined {
  const value = properties[key];
  if (value === undefined) return undefined;
  const time = Date.parse(value as string);
  if (Number.isNaN(time)) throw new ResourceFailure(`${key} must be a time in ISO 8601, got ${value}`);
  return time;
}
