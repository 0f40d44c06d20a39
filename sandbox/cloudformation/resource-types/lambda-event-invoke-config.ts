import { DEFAULT_EVENT_INVOKE_CONFIG } from '../../lambda/async-events';
import type { Properties } from '../stack';
import { immediate } from './immediate';
import { functionArnOf } from './lambda-permission';
import { ResourceFailure } from './resource-type';
import { unlessGone } from './unless-gone';

/** How asynchronous events of a function are retried. Destinations are refused. */
export const lambdaEventInvokeConfig = immediate({
  name: 'AWS::Lambda::EventInvokeConfig',
  properties: ['FunctionName', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'Qualifier'],
  required: ['FunctionName', 'Qualifier'],
  replacedBy: ['FunctionName', 'Qualifier'],
  standing: false,

  make(task) {
    const { tools, properties } = task;
    const { FunctionName, Qualifier } = properties;
    if (Qualifier !== '$LATEST') {
      throw new ResourceFailure(`the sandbox knows the version $LATEST only, got the Qualifier ${Qualifier}`);
    }
    const functionArn = functionArnOf(task, FunctionName as string);
    tools.functions.setEventInvokeConfig(functionArn, configOf(properties));
    return { physicalId: `${functionArn}:${Qualifier}`, attributes: { functionArn } };
  },

  change({ tools, properties }, current) {
    tools.functions.setEventInvokeConfig(current.attributes.functionArn as string, configOf(properties));
    return current;
  },

  remove({ tools }, { attributes }) {
    unlessGone(() => tools.functions.setEventInvokeConfig(attributes.functionArn as string, undefined));
  },
});

function configOf({ MaximumRetryAttempts, MaximumEventAgeInSeconds }: Properties) {
  const { maximumRetryAttempts, maximumEventAgeSeconds } = DEFAULT_EVENT_INVOKE_CONFIG;
  return {
    maximumRetryAttempts: Number(MaximumRetryAttempts ?? maximumRetryAttempts),
    maximumEventAgeSeconds: Number(MaximumEventAgeInSeconds ?? maximumEventAgeSeconds),
  };
}
