import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { immediate } from './immediate';
import { ResourceFailure } from './resource-type';
import { tagsOf } from './tags';

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAX_NAME_LENGTH = 80;

export const stateMachine = immediate({
  name: 'AWS::StepFunctions::StateMachine',
  properties: [
    'DefinitionString',
    'LoggingConfiguration',
    'RoleArn',
    'StateMachineName',
    'StateMachineType',
    'Tags',
    'TracingConfiguration',
  ],
  required: ['DefinitionString', 'RoleArn'],
  taggable: true,
  replacedBy: ['StateMachineName', 'StateMachineType'],

  make(task) {
    const { stateMachines, world } = task.tools;
    const { properties } = task;
    refuseExpress(properties);
    const given = properties.StateMachineName as string | undefined;
    const { arn, name } = stateMachines.create({
      accountId: task.accountId,
      region: task.region,
      name: given ?? generatedName(world.random, task.stack.name, task.logicalId, MAX_NAME_LENGTH),
      definition: properties.DefinitionString as string,
      roleArn: properties.RoleArn as string,
      tags: tagsOf(properties),
    });
    return { physicalId: arn, attributes: { Arn: arn, Name: name } };
  },

  change(task, current) {
    task.tools.stateMachines.update(current.physicalId, {
      definition: task.properties.DefinitionString as string,
      roleArn: task.properties.RoleArn as string,
      tags: tagsOf(task.properties),
    });
    return { physicalId: current.physicalId, attributes: current.attributes };
  },

  remove(task, current) {
    task.tools.stateMachines.delete(current.physicalId);
  },
});

function refuseExpress(properties: Properties): void {
  if ((properties.StateMachineType ?? 'STANDARD') !== 'STANDARD') {
    throw new ResourceFailure(`the sandbox runs STANDARD state machines only, got ${properties.StateMachineType}`);
  }
}
