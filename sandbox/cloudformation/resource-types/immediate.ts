import type { Instance, Properties } from '../stack';
import type { Made, ResourceType, Task } from './resource-type';

/** A resource type whose work is done at one instant; CloudFormation then waits a moment until it has settled. */
export interface ImmediateType {
  readonly name: string;
  readonly properties: readonly string[];
  readonly required?: readonly string[];
  readonly taggable?: boolean;
  /** The properties whose change needs a new physical resource. */
  readonly replacedBy?: readonly string[];
  /** False for records that say something about another resource. */
  readonly standing?: boolean;
  make(task: Task): Made;
  change(task: Task, current: Instance): Made;
  remove(task: Task, current: Instance): void;
}

export function immediate(type: ImmediateType): ResourceType {
  const { name, properties, required, taggable, standing = true } = type;
  const settle = (task: Task) => task.tools.world.clock.sleep(task.tools.world.random.integer(1_000, 2_000));
  return {
    name,
    properties,
    required,
    taggable,
    standing,
    replaces: (before, after) => (type.replacedBy ?? []).some((key) => differs(before, after, key)),
    async create(task) {
      const made = type.make(task);
      task.initiated(made);
      await settle(task);
      return made;
    },
    async update(task, current) {
      const made = type.change(task, current);
      await settle(task);
      return made;
    },
    async delete(task, current) {
      await settle(task);
      type.remove(task, current);
    },
  };
}

function differs(before: Properties, after: Properties, key: string): boolean {
  return JSON.stringify(before[key]) !== JSON.stringify(after[key]);
}
