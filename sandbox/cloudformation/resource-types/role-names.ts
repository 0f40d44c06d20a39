import type { Task } from './resource-type';
import { ResourceFailure } from './resource-type';

export function roleArnOf(task: Task, roleName: string): string {
  const role = task.tools.iam.roleByName(task.accountId, roleName);
  if (role === undefined) throw new ResourceFailure(`The role with name ${roleName} cannot be found.`);
  return role.arn;
}
