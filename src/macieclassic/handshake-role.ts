import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { pathBelow, Validation } from '../core/validation';
import { checkAccountId } from './account-id';
import { warnOfDiscontinuation } from './discontinuation';

/** Properties of a handshake role. */
export interface HandshakeRoleProps {
  /**
   * The administrator account that may associate the account of this role, 12 digits. It is the external id that Macie
   * Classic must name. Updated in place.
   */
  readonly administratorAccountId: string;

  /**
   * Name of the role: `AWSMacieServiceCustomerHandshakeRole` or `AmazonMacieHandshakeRole`, both of which the user guide
   * gives. A change replaces the role.
   *
   * @default 'AWSMacieServiceCustomerHandshakeRole'
   */
  readonly roleName?: string;
}

/*
 * "Creating a Handshake Role": https://docs.aws.amazon.com/macie/latest/userguide/macie-access-control.html
 * The other name: https://docs.aws.amazon.com/macie/latest/userguide/macie-integration.html
 */
const ROLE_NAMES = ['AWSMacieServiceCustomerHandshakeRole', 'AmazonMacieHandshakeRole'];
const MACIE = 'macie.amazonaws.com';

/**
 * The role with which an account lets itself be associated as a member account of Macie Classic: with it, Macie makes its
 * service-linked role there. It belongs into a stack in the member account, which is deployed before the
 * `MemberAccountAssociation` in the administrator account.
 *
 * @resource AWS::IAM::Role
 */
export class HandshakeRole extends iam.Role {
  constructor(scope: Construct, id: string, props: HandshakeRoleProps) {
    const { administratorAccountId, roleName = ROLE_NAMES[0] } = props;
    const validation = new Validation(pathBelow(scope, id));
    checkAccountId(validation, 'administratorAccountId', administratorAccountId)
      .check('roleName', roleName, isRoleName(roleName), `be ${ROLE_NAMES.join(' or ')}`)
      .throwIfInvalid();
    super(scope, id, {
      roleName,
      description: 'Lets Macie Classic associate this account as a member account',
      assumedBy: new iam.ServicePrincipal(MACIE),
      externalIds: [administratorAccountId],
      inlinePolicies: { Handshake: new iam.PolicyDocument({ statements: [settling(scope)] }) },
    });
    warnOfDiscontinuation(
      this,
      'AWS::Macie::Session in this account, and AWS::Macie::Member in the administrator account',
    );
  }
}

function isRoleName(name: string): boolean {
  return Token.isUnresolved(name) || ROLE_NAMES.includes(name);
}

/** As the managed policy AmazonMacieHandshakeRole, for Macie's service-linked role only. */
function settling(scope: Construct): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ['iam:CreateServiceLinkedRole'],
    resources: [
      Stack.of(scope).formatArn({
        service: 'iam',
        region: '',
        resource: 'role',
        resourceName: `aws-service-role/${MACIE}/AWSServiceRoleForAmazonMacie`,
      }),
    ],
    conditions: { StringEquals: { 'iam:AWSServiceName': MACIE } },
  });
}
