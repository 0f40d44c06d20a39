import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { userOf } from './iam-user';
import { immediate } from './immediate';
import type { Task } from './resource-type';

/** A device of users. Which of its codes are right, `iam.users.setMfaCode` says: before that none is. */
export const iamVirtualMfaDevice = immediate({
  name: 'AWS::IAM::VirtualMFADevice',
  properties: ['Path', 'Tags', 'Users', 'VirtualMfaDeviceName'],
  required: ['Users'],
  taggable: true,
  replacedBy: ['Path', 'VirtualMfaDeviceName'],

  make(task) {
    const { properties, accountId, stack, logicalId, tools } = task;
    const { VirtualMfaDeviceName, Path = '/' } = properties;
    const name = VirtualMfaDeviceName ?? generatedName(tools.world.random, stack.name, logicalId, 128);
    const serialNumber = `arn:${tools.world.partition}:iam::${accountId}:mfa${Path}${name}`;
    give(task, serialNumber);
    return { physicalId: serialNumber, attributes: { SerialNumber: serialNumber } };
  },

  change(task, current) {
    give(task, current.physicalId);
    return { physicalId: current.physicalId, attributes: current.attributes };
  },

  remove(task, current) {
    task.tools.iam.users.withdrawMfa(current.physicalId);
  },
});

function give(task: Task, serialNumber: string): void {
  const users = usersOf(task.properties).map((name) => userOf(task, name).arn);
  task.tools.iam.users.giveMfa(serialNumber, users);
}

function usersOf(properties: Properties): readonly string[] {
  return properties.Users as readonly string[];
}
