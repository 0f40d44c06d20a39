import type { Timeline } from '../../services/rds/timeline';
import type { Task } from './resource-type';

/** Waits until nothing is under way any more in a database, with at least a moment of CloudFormation's own. */
export async function settled(task: Task, database: { readonly status: Timeline<string> }): Promise<void> {
  const { clock, random } = task.tools.world;
  await clock.sleep(Math.max(random.integer(1_000, 2_000), database.status.settledAt - clock.now()));
}
