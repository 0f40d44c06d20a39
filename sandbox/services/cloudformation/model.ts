import type { Member, ServiceModel, Shape } from '../../model/model';

/**
 * The reading operations of CloudFormation.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html and its neighbours
 */
export const cloudFormationModel: ServiceModel = {
  signingName: 'cloudformation',
  protocol: 'aws-query',
  apiVersion: '2010-05-15',
  xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  operations: Object.fromEntries(
    ['DescribeStacks', 'DescribeStackResource', 'DescribeStackResources', 'DescribeStackEvents', 'ListExports'].map(
      (name) => [name, { input: `${name}Input`, output: `${name}Output`, resultWrapper: `${name}Result` }],
    ),
  ),
  shapes: {
    Text: { type: 'string' },
    Flag: { type: 'boolean' },
    Time: { type: 'timestamp' },
    NextToken: { type: 'string', min: 1, max: 1024 },
    StackStatus: { type: 'string' },
    DescribeStacksInput: structure({ StackName: 'Text', NextToken: 'NextToken' }),
    DescribeStacksOutput: structure({ Stacks: 'StackList', NextToken: 'NextToken' }),
    StackList: { type: 'list', member: 'Stack' },
    Stack: structure({
      StackId: 'Text',
      StackName: 'Text',
      Description: 'Text',
      Parameters: 'ParameterList',
      CreationTime: 'Time',
      DeletionTime: 'Time',
      LastUpdatedTime: 'Time',
      StackStatus: 'StackStatus',
      StackStatusReason: 'Text',
      DisableRollback: 'Flag',
      EnableTerminationProtection: 'Flag',
      RoleARN: 'Text',
      Outputs: 'OutputList',
      Tags: 'TagList',
      DriftInformation: 'StackDrift',
    }),
    StackDrift: structure({ StackDriftStatus: 'Text' }),
    ParameterList: { type: 'list', member: 'Parameter' },
    Parameter: structure({ ParameterKey: 'Text', ParameterValue: 'Text', ResolvedValue: 'Text' }),
    OutputList: { type: 'list', member: 'Output' },
    Output: structure({ OutputKey: 'Text', OutputValue: 'Text', Description: 'Text', ExportName: 'Text' }),
    TagList: { type: 'list', member: 'Tag' },
    Tag: structure({ Key: 'Text', Value: 'Text' }),
    DescribeStackResourceInput: {
      ...structure({ StackName: 'Text', LogicalResourceId: 'Text' }),
      required: ['StackName', 'LogicalResourceId'],
    },
    DescribeStackResourceOutput: structure({ StackResourceDetail: 'StackResourceDetail' }),
    StackResourceDetail: structure({
      StackName: 'Text',
      StackId: 'Text',
      LogicalResourceId: 'Text',
      PhysicalResourceId: 'Text',
      ResourceType: 'Text',
      LastUpdatedTimestamp: 'Time',
      ResourceStatus: 'Text',
      ResourceStatusReason: 'Text',
      Metadata: 'Text',
      DriftInformation: 'ResourceDrift',
    }),
    ResourceDrift: structure({ StackResourceDriftStatus: 'Text' }),
    DescribeStackResourcesInput: structure({
      StackName: 'Text',
      LogicalResourceId: 'Text',
      PhysicalResourceId: 'Text',
    }),
    DescribeStackResourcesOutput: structure({ StackResources: 'StackResourceList' }),
    StackResourceList: { type: 'list', member: 'StackResource' },
    StackResource: structure({
      StackName: 'Text',
      StackId: 'Text',
      LogicalResourceId: 'Text',
      PhysicalResourceId: 'Text',
      ResourceType: 'Text',
      Timestamp: 'Time',
      ResourceStatus: 'Text',
      ResourceStatusReason: 'Text',
      DriftInformation: 'ResourceDrift',
    }),
    DescribeStackEventsInput: { ...structure({ StackName: 'Text', NextToken: 'NextToken' }), required: ['StackName'] },
    DescribeStackEventsOutput: structure({ StackEvents: 'StackEventList', NextToken: 'NextToken' }),
    StackEventList: { type: 'list', member: 'StackEvent' },
    StackEvent: structure({
      StackId: 'Text',
      EventId: 'Text',
      StackName: 'Text',
      LogicalResourceId: 'Text',
      PhysicalResourceId: 'Text',
      ResourceType: 'Text',
      Timestamp: 'Time',
      ResourceStatus: 'Text',
      ResourceStatusReason: 'Text',
    }),
    ListExportsInput: structure({ NextToken: 'NextToken' }),
    ListExportsOutput: structure({ Exports: 'ExportList', NextToken: 'NextToken' }),
    ExportList: { type: 'list', member: 'Export' },
    Export: structure({ ExportingStackId: 'Text', Name: 'Text', Value: 'Text' }),
  },
};

function structure(members: Readonly<Record<string, string>>): Extract<Shape, { type: 'structure' }> {
  const entries = Object.entries(members).map(([name, shape]): [string, Member] => [name, { shape }]);
  return { type: 'structure', members: Object.fromEntries(entries) };
}
