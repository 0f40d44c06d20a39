import * as iam from 'aws-cdk-lib/aws-iam';
import type { Requirement } from '../core/delegation';
import { changingOwned, creatingOwned } from '../core/permissions';
import type { Realm } from '../core/realm';
import type { LastingPermissions, SettledService } from '../core/settled-provider';
import { MacieFunction } from './macie-function';

export const CLASSIFICATION_JOB_TYPE = 'Custom::SettledMacieClassificationJob';
export const CLASSIFICATION_EXPORT_TYPE = 'Custom::SettledMacieClassificationExport';

/** The provider of all classification jobs of a stack, and of where their results go. */
export const MACIE_SERVICE: SettledService = {
  id: 'Macie',
  handlerClass: MacieFunction,
  permissions: standingPermissions,
  explainedFindings: [
    {
      rule: 'AwsSolutions-IAM5',
      reason: 'Macie makes the ids of jobs; each statement on them needs the owner tag of this stack.',
      finding: /^Resource::arn:.+:macie2:.+:classification-job\/\*$/,
    },
    {
      rule: 'AwsSolutions-IAM5',
      reason: 'macie2:ListClassificationJobs has no resource-level permissions.',
      finding: /^Resource::\*$/,
    },
  ],
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmacie.html */
function standingPermissions(realm: Realm, types?: ReadonlySet<string>): iam.PolicyStatement[] {
  if (types?.has(CLASSIFICATION_JOB_TYPE) === false) return [];
  const jobs = [jobArn(realm, '*')];
  return [
    creatingOwned(realm, ['macie2:CreateClassificationJob', 'macie2:TagResource'], jobs),
    changingOwned(
      realm,
      ['macie2:DescribeClassificationJob', 'macie2:UntagResource', 'macie2:UpdateClassificationJob'],
      jobs,
    ),
    // "*": this action has no resource-level permissions. It finds what a cancelled creation has made.
    new iam.PolicyStatement({ actions: ['macie2:ListClassificationJobs'], resources: ['*'] }),
  ];
}

export function jobArn(realm: Realm, id: string): string {
  return realm.arn({ service: 'macie2', resource: 'classification-job', resourceName: id });
}

export const JOB_REQUIREMENT = { service: MACIE_SERVICE, resourceType: CLASSIFICATION_JOB_TYPE } satisfies Requirement;

export const EXPORT_REQUIREMENT = {
  service: MACIE_SERVICE,
  resourceType: CLASSIFICATION_EXPORT_TYPE,
  lastingPermissions: exportPermissions(),
} satisfies Requirement;

/** To say where results go, which is one setting of an account and region. */
function exportPermissions(): LastingPermissions {
  return {
    id: 'ClassificationExport',
    statements: () => [
      new iam.PolicyStatement({
        actions: ['macie2:GetClassificationExportConfiguration', 'macie2:PutClassificationExportConfiguration'],
        // "*": these actions have no resource-level permissions.
        resources: ['*'],
      }),
    ],
    explainedFindings: [
      {
        rule: 'AwsSolutions-IAM5',
        reason:
          'The configuration of results belongs to the account and region, and has no resource-level permissions.',
        finding: /^Resource::\*$/,
      },
    ],
  };
}
