import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { SettledService } from '../../src/core/settled-provider';

class FakeFunction extends lambda.Function {
  constructor(scope: Construct, id: string, props: lambda.FunctionOptions) {
    super(scope, id, {
      ...props,
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => ({});'),
    });
  }
}

/** A service of the library that does not exist, for what all of them share. */
export function fakeService(id = 'Fake'): SettledService {
  return {
    id,
    handlerClass: FakeFunction,
    permissions: () => [new iam.PolicyStatement({ actions: ['fake:Describe'], resources: ['arn:aws:fake:::thing/*'] })],
    explainedFindings: [],
  };
}
