import * as iam from 'aws-cdk-lib/aws-iam';
import type { Requirement } from '../core/delegation';
import { keepingParameters, OWN_PARAMETERS, parameterName } from '../core/parameters';
import type { Realm } from '../core/realm';
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

const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  [MEMBER_ACCOUNT_TYPE]: [
    'macie:AssociateMemberAccount',
    'macie:DisassociateMemberAccount',
    'macie:ListMemberAccounts',
  ],
  [S3_RESOURCES_TYPE]: [
    'macie:AssociateS3Resources',
    'macie:DisassociateS3Resources',
    'macie:ListS3Resources',
    'macie:UpdateS3Resources',
  ],
};

export const MEMBER_ACCOUNT_REQUIREMENT = {
  service: MACIE_CLASSIC_SERVICE,
  resourceType: MEMBER_ACCOUNT_TYPE,
} satisfies Requirement;

export const S3_RESOURCES_REQUIREMENT = {
  service: MACIE_CLASSIC_SERVICE,
  resourceType: S3_RESOURCES_TYPE,
} satisfies Requirement;

function standingPermissions(
  realm: Realm,
  types: ReadonlySet<string> = new Set(Object.keys(ACTIONS)),
): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: [...types].flatMap((type) => ACTIONS[type] ?? []).sort(),
      // "*": no action of Macie Classic has resource-level permissions, and associations have no tags:
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmacieclassic.html
      resources: ['*'],
    }),
    keepingParameters(realm, RECORDS),
  ];
}
