import type { Alarm } from '../../services/cloudwatch/alarms/alarm';
import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { type Made, ResourceFailure, type Task } from './resource-type';

/** The name of a new alarm. CloudFormation does not take over one that is there. */
export function alarmName(task: Task): string {
  const { tools, stack, logicalId, properties } = task;
  const name =
    (properties.AlarmName as string | undefined) ?? generatedName(tools.world.random, stack.name, logicalId, 255);
  if (tools.alarms.has(task, name)) throw new ResourceFailure(`${name} already exists`);
  return name;
}

export function madeAlarm({ name, arn }: Alarm): Made {
  return { physicalId: name, attributes: { Arn: arn } };
}

/** What both kinds of alarms have. */
export function actionSettings(name: string, properties: Properties) {
  return {
    AlarmName: name,
    AlarmDescription: properties.AlarmDescription as string | undefined,
    ActionsEnabled: flag(properties.ActionsEnabled),
    AlarmActions: properties.AlarmActions as readonly string[] | undefined,
    OKActions: properties.OKActions as readonly string[] | undefined,
    InsufficientDataActions: properties.InsufficientDataActions as readonly string[] | undefined,
  };
}

/** Templates may have texts where the API has numbers and booleans. */
export function number(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

export function flag(value: unknown): boolean | undefined {
  return value === undefined ? undefined : String(value) === 'true';
}

export function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
