import type { Service, World } from '../service';
import type { ServiceRoleTools } from '../service-role';
import { conflict, notFound } from './errors';
import { parseExpression } from './expressions';
import { type Firing, notAssumable, roleOf } from './firing';
import { checkDefinition, checkName } from './rules';
import {
  DEFAULT_GROUP,
  groupArn,
  type Place,
  type Schedule,
  type ScheduleDefinition,
  type ScheduleGroup,
  type SchedulerState,
  scheduleArn,
} from './state';

export interface ScheduleName extends Place {
  readonly name: string;
  /** @default default */
  readonly group?: string;
}

/** Makes, changes and deletes schedules and their groups; what is enabled fires. */
export class Schedules {
  constructor(
    private readonly tools: ServiceRoleTools,
    private readonly service: Service<SchedulerState>,
    private readonly firing: Firing,
  ) {}

  create(name: ScheduleName, definition: ScheduleDefinition): Schedule {
    const { group = DEFAULT_GROUP } = name;
    checkName('schedule name', name.name);
    if (this.group(name, group) === undefined) throw notFound(`Schedule group ${group}`);
    if (this.get(name) !== undefined) throw conflict(`Schedule ${name.name}`);
    return this.put(name, definition, this.tools.world.clock.now());
  }

  /** Everything is replaced, as UpdateSchedule does; a rate begins anew. */
  update(name: ScheduleName, definition: ScheduleDefinition): Schedule {
    return this.put(name, definition, this.existing(name).created);
  }

  delete(name: ScheduleName): void {
    const { arn } = this.existing(name);
    this.firing.disarm(arn);
    this.state(name).schedules.delete(keyOf(name));
  }

  get(name: ScheduleName): Schedule | undefined {
    return this.state(name).schedules.get(keyOf(name));
  }

  list(place: Place): readonly Schedule[] {
    return [...this.state(place).schedules.values()];
  }

  createGroup(place: Place, name: string, tags: Readonly<Record<string, string>> = {}): ScheduleGroup {
    checkName('schedule group name', name);
    if (this.group(place, name) !== undefined) throw conflict(`Schedule group ${name}`);
    const group = { name, tags, arn: groupArn(this.tools.world.partition, place, name) };
    this.state(place).groups.set(name, group);
    return group;
  }

  tagGroup(place: Place, name: string, tags: Readonly<Record<string, string>>): void {
    const { groups } = this.state(place);
    const group = groups.get(name);
    if (group === undefined) throw notFound(`Schedule group ${name}`);
    groups.set(name, { ...group, tags });
  }

  /** Its schedules go with it. */
  deleteGroup(place: Place, name: string): void {
    const { groups } = this.state(place);
    if (!groups.delete(name)) throw notFound(`Schedule group ${name}`);
    for (const schedule of this.list(place)) if (schedule.group === name) this.delete(schedule);
  }

  private put(name: ScheduleName, definition: ScheduleDefinition, created: number): Schedule {
    const { accountId, region, group = DEFAULT_GROUP } = name;
    checkDefinition(definition);
    const recurrence = parseExpression(definition.expression, definition.timeZone);
    const { world } = this.tools;
    if (!roleOf(this.tools, { accountId, region, group }, definition.target.roleArn).trusting) throw notAssumable();
    const schedule: Schedule = {
      ...definition,
      accountId,
      region,
      group,
      name: name.name,
      arn: scheduleArn(world.partition, name, group, name.name),
      recurrence,
      created,
      modified: world.clock.now(),
    };
    this.state(name).schedules.set(keyOf(name), schedule);
    this.firing.arm(schedule);
    return schedule;
  }

  private existing(name: ScheduleName): Schedule {
    const schedule = this.get(name);
    if (schedule === undefined) throw notFound(`Schedule ${name.name}`);
    return schedule;
  }

  private group(place: Place, name: string): ScheduleGroup | undefined {
    if (name === DEFAULT_GROUP) return { name, tags: {}, arn: groupArn(this.tools.world.partition, place, name) };
    return this.state(place).groups.get(name);
  }

  private state({ accountId, region }: Place): SchedulerState {
    const { world }: { readonly world: World } = this.tools;
    return world.state(this.service, accountId, region);
  }
}

export function keyOf({ group = DEFAULT_GROUP, name }: Pick<ScheduleName, 'group' | 'name'>): string {
  return `${group}/${name}`;
}
