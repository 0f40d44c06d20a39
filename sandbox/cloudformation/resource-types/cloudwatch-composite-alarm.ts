import type { CompositeAlarmSettings } from '../../services/cloudwatch/alarms/alarm';
import type { Properties } from '../stack';
import { actionSettings, alarmName, madeAlarm, present } from './cloudwatch-alarm-settings';
import { immediate } from './immediate';
import { unlessGone } from './unless-gone';

/** An alarm on other alarms. Suppressing its actions is not modelled. */
export const cloudWatchCompositeAlarm = immediate({
  name: 'AWS::CloudWatch::CompositeAlarm',
  properties: [
    'ActionsEnabled',
    'AlarmActions',
    'AlarmDescription',
    'AlarmName',
    'AlarmRule',
    'InsufficientDataActions',
    'OKActions',
    'Tags',
  ],
  required: ['AlarmRule'],
  replacedBy: ['AlarmName'],
  taggable: true,
  standing: false,

  make(task) {
    const name = alarmName(task);
    return madeAlarm(task.tools.alarms.putComposite(task, settingsOf(name, task.properties)));
  },

  change(task, { physicalId: name }) {
    return madeAlarm(task.tools.alarms.putComposite(task, settingsOf(name, task.properties)));
  },

  remove(task, { physicalId: name }) {
    unlessGone(() => task.tools.alarms.delete(task, name));
  },
});

function settingsOf(name: string, properties: Properties): CompositeAlarmSettings {
  return present({ ...actionSettings(name, properties), AlarmRule: properties.AlarmRule as string });
}
