import type { Call, Document, Operation, Service } from '../service';
import type { DeadLetter } from './dead-letters';
import { descriptionOf, summaryOf } from './descriptions';
import { invalid, notFound } from './errors';
import { type FailedInvocation, Firing, type FiringTools } from './firing';
import { Incidents } from './incidents';
import { model } from './model';
import type { SchedulerOptions } from './options';
import { keyOf, Schedules } from './schedules';
import { DEFAULT_GROUP, type SchedulerState, scheduleArn } from './state';

/** EventBridge Scheduler. README.md beside this file says more. */
export class SchedulerService implements Service<SchedulerState> {
  readonly name = 'scheduler';
  readonly model = model;
  readonly operations: Readonly<Record<string, Operation<SchedulerState>>> = {
    GetSchedule: {
      permissions: (input, call) => [
        { action: 'scheduler:GetSchedule', resource: arnOf(call, input.GroupName ?? DEFAULT_GROUP, input.Name) },
      ],
      handle(input, { schedules }) {
        const schedule = schedules.get(keyOf({ group: input.GroupName, name: input.Name }));
        if (schedule === undefined) throw notFound(`Schedule ${input.Name}`);
        return descriptionOf(schedule);
      },
    },
    ListSchedules: {
      permissions: () => [{ action: 'scheduler:ListSchedules', resource: '*' }],
      handle: listSchedules,
    },
  };
  /** What goes wrong with invocations. */
  readonly incidents = new Incidents();
  /** To make and change schedules without a call. */
  readonly schedules: Schedules;
  private readonly firing: Firing;

  constructor(tools: FiringTools, options: SchedulerOptions = {}) {
    this.firing = new Firing(tools, options, this.incidents);
    this.schedules = new Schedules(tools, this, this.firing);
  }

  newState(): SchedulerState {
    return { schedules: new Map(), groups: new Map() };
  }

  inventory({ schedules, groups }: SchedulerState): readonly string[] {
    return [
      ...[...groups.keys()].map((name) => `schedule group ${name}`),
      ...[...schedules.keys()].map((key) => `schedule ${key}`),
    ];
  }

  /** Invocations that their targets took, retries and repetitions included. */
  get delivered(): number {
    return this.firing.delivered;
  }

  /** Invocations that were given up. */
  get failures(): readonly FailedInvocation[] {
    return this.firing.failures;
  }

  /** What dead-letter queues got. */
  get deadLetters(): readonly DeadLetter[] {
    return this.firing.deadLetters;
  }
}

function arnOf(call: Call, group: string, name: string): string {
  return scheduleArn(call.world.partition, call, group, name);
}

/** A token is the key of the last schedule shown. */
function listSchedules(input: Document, { schedules, groups }: SchedulerState): Document {
  const { GroupName, NamePrefix = '', State, MaxResults = 100, NextToken } = input;
  if (GroupName !== undefined && GroupName !== DEFAULT_GROUP && !groups.has(GroupName)) {
    throw notFound(`Schedule group ${GroupName}`);
  }
  const last = NextToken === undefined ? '' : Buffer.from(NextToken, 'base64url').toString();
  if (NextToken !== undefined && !last.includes('/')) throw invalid('Invalid NextToken.');
  const found = [...schedules.entries()]
    .filter(([key, { group }]) => key > last && (GroupName ?? group) === group)
    .filter(([, { name, state = 'ENABLED' }]) => name.startsWith(NamePrefix) && (State ?? state) === state)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = found.slice(0, MaxResults);
  return {
    Schedules: shown.map(([, schedule]) => summaryOf(schedule)),
    ...(shown.length < found.length && { NextToken: Buffer.from(shown.at(-1)![0]).toString('base64url') }),
  };
}
