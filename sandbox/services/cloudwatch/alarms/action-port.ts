import type { ServiceCaller } from '../../../lambda/function-policy';
import type { Topics } from '../../sns/topics';
import type { AlarmActions } from './actions';

/** Lambda, as far as alarms need it. */
export interface FunctionInvoker {
  invokeForService(caller: ServiceCaller, functionArn: string, payload: string): void;
}

/** What alarms do in the topics and functions of the sandbox. Who is called decides whether CloudWatch may. */
export function actionPort(topics: Topics, functions: FunctionInvoker | undefined): AlarmActions {
  return {
    publish(topicArn, { subject, message }, { alarmArn, accountId }) {
      const publisher = { service: 'cloudwatch.amazonaws.com', sourceArn: alarmArn, sourceAccount: accountId };
      return topics.publishAs(publisher, topicArn, { subject, message });
    },
    invoke(functionArn, payload, { alarmArn, accountId }) {
      if (functions === undefined) throw new Error(`there are no functions here: ${functionArn} cannot be invoked`);
      const service = 'lambda.alarms.cloudwatch.amazonaws.com';
      functions.invokeForService({ service, sourceArn: alarmArn, sourceAccount: accountId }, functionArn, payload);
    },
  };
}
