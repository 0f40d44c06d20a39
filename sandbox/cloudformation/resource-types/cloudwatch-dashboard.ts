import { generatedName } from '../physical-names';
import { immediate } from './immediate';

export const cloudWatchDashboard = immediate({
  name: 'AWS::CloudWatch::Dashboard',
  properties: ['DashboardBody', 'DashboardName', 'Tags'],
  required: ['DashboardBody'],
  replacedBy: ['DashboardName'],
  standing: false,

  make(task) {
    const { tools, stack, logicalId, properties } = task;
    const given = properties.DashboardName as string | undefined;
    const name = given ?? generatedName(tools.world.random, stack.name, logicalId, 255);
    tools.visuals.putDashboard(task, name, properties.DashboardBody as string);
    return { physicalId: name, attributes: {} };
  },

  change(task, current) {
    task.tools.visuals.putDashboard(task, current.physicalId, task.properties.DashboardBody as string);
    return current;
  },

  remove(task, { physicalId }) {
    task.tools.visuals.deleteDashboard(task, physicalId);
  },
});
