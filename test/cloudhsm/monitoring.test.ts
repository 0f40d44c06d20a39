import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Cluster, type ClusterAlarmOptions, HsmType } from '../../src/cloudhsm';
import { CLUSTER, clusterWith, HSM, irishStack, templateOf } from '../support/clusters';
import { type Json, messageOf, resourcesOf } from '../support/synthesis';

const METRICS = [
  ['metricHsmUnhealthy', 'HsmUnhealthy', 'Maximum'],
  ['metricHsmTemperature', 'HsmTemperature', 'Maximum'],
  ['metricHsmKeysSessionOccupied', 'HsmKeysSessionOccupied', 'Maximum'],
  ['metricHsmKeysTokenOccupied', 'HsmKeysTokenOccupied', 'Maximum'],
  ['metricHsmSessionCount', 'HsmSessionCount', 'Maximum'],
  ['metricHsmSslCtxsOccupied', 'HsmSslCtxsOccupied', 'Maximum'],
  ['metricHsmUsersAvailable', 'HsmUsersAvailable', 'Minimum'],
] as const;

describe('metrics', () => {
  const cluster = clusterWith();
  const stack = Stack.of(cluster);

  test.each(METRICS)('%s is %s of the cluster, %s over five minutes', (method, metricName, statistic) => {
    const metric = cluster[method]();
    expect(metric).toMatchObject({ namespace: 'AWS/CloudHSM', metricName, statistic });
    expect(metric.period.toMinutes()).toBe(5);
    expect(stack.resolve(metric.dimensions)).toEqual({
      ClusterId: { 'Fn::GetAtt': [expect.any(String), 'ClusterId'] },
    });
  });

  test.each(METRICS)('%s takes other statistics and periods', (method) => {
    const metric = cluster[method]({ statistic: 'p90', period: Duration.hours(1) });
    expect(metric.statistic).toBe('p90');
    expect(metric.period.toHours()).toBe(1);
  });

  test('any metric of CloudHSM can be named', () => {
    expect(cluster.metric('InterfaceEth2OctetsInput')).toMatchObject({ metricName: 'InterfaceEth2OctetsInput' });
  });

  test('of an HSM have its id as well', () => {
    const [hsm] = cluster.hsms;
    const [hsmId] = Object.keys(templateOf(cluster).findResources(HSM));
    expect(stack.resolve(hsm!.metric('HsmTemperature').dimensions)).toEqual({
      ClusterId: { 'Fn::GetAtt': [expect.any(String), 'ClusterId'] },
      HsmId: { 'Fn::GetAtt': [hsmId, 'HsmId'] },
    });
  });
});

/** The alarms of a cluster by the beginning of their ids. */
function alarmsOf(cluster: Cluster): Record<string, Json> {
  const found = templateOf(cluster).findResources('AWS::CloudWatch::Alarm');
  return Object.fromEntries(
    Object.entries(found).map(([id, { Properties }]) => [/^ClusterAlarms(.*).{8}$/.exec(id)?.[1], Properties]),
  );
}

describe('the ready-made alarms', () => {
  const cluster = clusterWith({ hsmCount: 2 });
  const made = cluster.addAlarms();
  cluster.addHsm('Third');
  const alarms = alarmsOf(cluster);

  test('are four', () => {
    expect(Object.keys(alarms)).toEqual(['UnhealthyHsm', 'MissingHsm', 'SessionCapacity', 'KeyCapacity']);
    for (const alarm of Object.values(made)) expect(alarm).toBeInstanceOf(cloudwatch.Alarm);
  });

  test('tell of an HSM that is not healthy', () => {
    expect(alarms.UnhealthyHsm).toMatchObject({
      MetricName: 'HsmUnhealthy',
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  test('tell of fewer healthy HSMs than the cluster has in the end, for 15 minutes', () => {
    expect(alarms.MissingHsm).toMatchObject({
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 3,
      EvaluationPeriods: 15,
      TreatMissingData: 'breaching',
    });
    const [sum, ...parts] = alarms.MissingHsm.Metrics;
    expect(sum.Expression).toBe('reports - unhealthy');
    expect(
      parts.map(({ Id, MetricStat }: Json) => [Id, MetricStat.Metric.MetricName, MetricStat.Stat, MetricStat.Period]),
    ).toEqual([
      ['reports', 'HsmUnhealthy', 'SampleCount', 60],
      ['unhealthy', 'HsmUnhealthy', 'Sum', 60],
    ]);
  });

  test('tell when most of the connections of an HSM are used', () => {
    expect(alarms.SessionCapacity).toMatchObject({
      MetricName: 'HsmSessionCount',
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1639,
    });
  });

  test('tell when most of the room for keys is used', () => {
    expect(alarms.KeyCapacity).toMatchObject({
      Threshold: 13_333,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
    expect(alarms.KeyCapacity.Metrics[0].Expression).toBe('token + session');
  });

  test('do nothing unless they are told', () => {
    for (const alarm of Object.values(alarms)) expect(alarm).not.toHaveProperty('AlarmActions');
  });
});

describe('options of the alarms', () => {
  function alarmsWith(
    options: ClusterAlarmOptions,
    hsmType = HsmType.HSM2M_MEDIUM,
    hsmCount = 1,
  ): Record<string, Json> {
    const cluster = clusterWith({ hsmType, hsmCount });
    cluster.addAlarms(options);
    return alarmsOf(cluster);
  }

  test('say what is done', () => {
    const action = (alarmActionArn: string): cloudwatch.IAlarmAction => ({ bind: () => ({ alarmActionArn }) });
    const alarms = alarmsWith({ alarmActions: [action('arn:a')], okActions: [action('arn:b'), action('arn:c')] });
    for (const alarm of Object.values(alarms)) {
      expect(alarm).toMatchObject({ AlarmActions: ['arn:a'], OKActions: ['arn:b', 'arn:c'] });
    }
  });

  test('set the share of a capacity', () => {
    const alarms = alarmsWith({ capacityThreshold: 50 });
    expect([alarms.SessionCapacity.Threshold, alarms.KeyCapacity.Threshold]).toEqual([1024, 8333]);
  });

  test('know the capacity of hsm1.medium', () => {
    expect(alarmsWith({}, HsmType.HSM1_MEDIUM).KeyCapacity.Threshold).toBe(2640);
  });

  test('give the capacity of a type that is not known here', () => {
    expect(alarmsWith({}, HsmType.of('hsm3.large'))).not.toHaveProperty('KeyCapacity');
    expect(alarmsWith({ keyCapacity: 1000 }, HsmType.of('hsm3.large')).KeyCapacity.Threshold).toBe(800);
  });

  test('take a parked cluster for healthy', () => {
    expect(alarmsWith({}, HsmType.HSM2M_MEDIUM, 0).MissingHsm).toMatchObject({
      Threshold: 0,
      TreatMissingData: 'notBreaching',
    });
  });

  test.each([
    [{ hsmCount: 29 }, 'hsmCount must be from 0 to 28, got 29'],
    [{ capacityThreshold: 0 }, 'capacityThreshold must be from 1 to 100 percent, got 0'],
    [{ keyCapacity: 0 }, 'keyCapacity must be from 1 to'],
  ])('are checked: %j', (options, message) => {
    expect(messageOf(() => alarmsWith(options))).toContain(message);
  });

  test('say how many HSMs an imported cluster should have', () => {
    const stack = irishStack();
    const cluster = Cluster.fromClusterId(stack, 'Cluster', 'cluster-abcdefghijk');
    const { missingHsm, keyCapacity } = cluster.addAlarms({ hsmCount: 2 });
    expect(missingHsm).toBeDefined();
    expect(keyCapacity).toBeUndefined();
    const other = Cluster.fromClusterId(stack, 'Other', 'cluster-abcdefghijl').addAlarms();
    expect(other.missingHsm).toBeUndefined();
    expect(resourcesOf(Template.fromStack(stack), 'AWS::CloudWatch::Alarm')).toHaveLength(5);
  });
});

describe('an imported cluster', () => {
  const ARN = 'arn:aws:cloudhsm:us-east-1:222222222222:cluster/cluster-abcdefghijk';

  test('by its id is in the account and region of the stack', () => {
    const cluster = Cluster.fromClusterId(irishStack(), 'Cluster', 'cluster-abcdefghijk');
    expect(cluster.clusterId).toBe('cluster-abcdefghijk');
    expect(cluster.clusterArn).toMatch(/:cloudhsm:eu-west-1:111111111111:cluster\/cluster-abcdefghijk$/);
    expect(cluster.logGroup.logGroupName).toBe('/aws/cloudhsm/cluster-abcdefghijk');
  });

  test('makes nothing in the stack', () => {
    const stack = irishStack();
    Cluster.fromClusterId(stack, 'Cluster', 'cluster-abcdefghijk');
    const template = Template.fromStack(stack);
    template.resourceCountIs(CLUSTER, 0);
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('does not know its security group, and says what to do', () => {
    const cluster = Cluster.fromClusterId(irishStack(), 'Cluster', 'cluster-abcdefghijk');
    expect(messageOf(() => cluster.connections)).toBe(
      'Stack/Cluster: the security group of the cluster is not known; import it with Cluster.fromClusterAttributes() and its securityGroupId',
    );
  });

  test('by its attributes may be elsewhere, and so are its metrics', () => {
    const cluster = Cluster.fromClusterAttributes(irishStack(), 'Cluster', {
      clusterId: 'cluster-abcdefghijk',
      clusterArn: ARN,
      securityGroupId: 'sg-1',
    });
    expect(cluster.clusterArn).toBe(ARN);
    expect(cluster.env).toEqual({ account: '222222222222', region: 'us-east-1' });
    expect(cluster.metricHsmUnhealthy()).toMatchObject({ region: 'us-east-1', account: '222222222222' });
    expect(cluster.connections.securityGroups.map(({ securityGroupId }) => securityGroupId)).toEqual(['sg-1']);
  });
});
