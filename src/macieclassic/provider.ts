import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { keepingParameters, OWN_PARAMETERS, parameterName } from '../core/parameters';
import type { SettledService } from '../core/settled-provider';
import { MacieClassicFunction } from './macie-classic-function';

export const MEMBER_ACCOUNT_TYPE = 'Custom::SettledMacieClassicMemberAccount';
export const S3_RESOURCES_TYPE = 'Custom::SettledMacieClassicS3Resources';

/** Below the path of the stack: where the records stand of what was associated before. */
const RECORDS = 'macie-classic';

/** The provider of all associations of a stack. */
export const MACIE_CLASSIC_SERVICE: SettledService = {
  id: 'MacieClassic',
  handlerClass: MacieClassicFunction,
  permissions: standingPermissions,
  explainedFindings: [
    {
      rule: 'AwsSolutions-IAM5',
      reason: 'The actions of Macie Classic have no resource-level permissions and no tag conditions.',
      finding: /^Resource::\*$/,
    },
    OWN_PARAMETERS,
  ],
};

/** With what the names of all records of the stack begin. */
export function recordPrefix(): string {
  return parameterName(RECORDS, '');
}

function standingPermissions(stack: Stack): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: [
        'macie:AssociateMemberAccount',
        'macie:AssociateS3Resources',
        'macie:DisassociateMemberAccount',
        'macie:DisassociateS3Resources',
        'macie:ListMemberAccounts',
        'macie:ListS3Resources',
        'macie:UpdateS3Resources',
      ],
      // "*": no action of Macie Classic has resource-level permissions, and associations have no tags:
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmacieclassic.html
      resources: ['*'],
    }),
    keepingParameters(stack, RECORDS),
  ];
}
