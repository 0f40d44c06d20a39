import { generatedName } from '../physical-names';
import { immediate } from './immediate';
import { tagsOf } from './tags';
import { unlessGone } from './unless-gone';

export const scheduleGroup = immediate({
  name: 'AWS::Scheduler::ScheduleGroup',
  properties: ['Name', 'Tags'],
  replacedBy: ['Name'],
  taggable: true,
  standing: false,

  make(task) {
    const { tools, properties, stack, logicalId } = task;
    const name = (properties.Name as string | undefined) ?? generatedName(tools.world.random, stack.name, logicalId);
    const { arn } = tools.schedules.createGroup(task, name, tagsOf(properties));
    return { physicalId: name, attributes: { Arn: arn } };
  },

  change(task, current) {
    task.tools.schedules.tagGroup(task, current.physicalId, tagsOf(task.properties));
    return current;
  },

  remove(task, { physicalId }) {
    unlessGone(() => task.tools.schedules.deleteGroup(task, physicalId));
  },
});
