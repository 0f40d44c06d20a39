import {
  AssociateMemberAccountCommand,
  AssociateS3ResourcesCommand,
  DisassociateMemberAccountCommand,
  DisassociateS3ResourcesCommand,
  ListMemberAccountsCommand,
  ListS3ResourcesCommand,
  MacieClient,
  UpdateS3ResourcesCommand,
} from '@aws-sdk/client-macie';
import { MacieClassicService } from '../../../../sandbox/services/macie-classic/macie-classic-service';
import type { MacieClassicOptions } from '../../../../sandbox/services/macie-classic/options';
import { ACCOUNT, Testbed, trustOf } from '../../endpoint/testbed';

export { ACCOUNT, errorOf, OTHER_ACCOUNT } from '../../endpoint/testbed';
export const REGION = 'eu-central-1';
const FULL = { oneTime: 'FULL', continuous: 'FULL' } as const;

const COMMANDS = {
  AssociateMemberAccount: AssociateMemberAccountCommand,
  AssociateS3Resources: AssociateS3ResourcesCommand,
  DisassociateMemberAccount: DisassociateMemberAccountCommand,
  DisassociateS3Resources: DisassociateS3ResourcesCommand,
  ListMemberAccounts: ListMemberAccountsCommand,
  ListS3Resources: ListS3ResourcesCommand,
  UpdateS3Resources: UpdateS3ResourcesCommand,
};

/** An endpoint with Macie Classic, called by its last client. */
export class MacieClassicBed extends Testbed {
  private static readonly open: MacieClassicBed[] = [];

  static async start(options: MacieClassicOptions = {}): Promise<MacieClassicBed> {
    const bed = new MacieClassicBed(options);
    MacieClassicBed.open.push(bed);
    await bed.endpoint.start();
    return bed;
  }

  /** For `afterEach`: fails where the sandbox itself has failed. */
  static async stopAll(): Promise<void> {
    for (const bed of MacieClassicBed.open.splice(0)) await bed.endpoint.stop();
  }

  readonly macie: MacieClassicService;

  private constructor(options: MacieClassicOptions) {
    let macie: MacieClassicService | undefined;
    super((bed) => {
      macie = new MacieClassicService(bed.iam, options);
      return [macie];
    });
    this.macie = macie!;
  }

  /** As an administrator of the account. */
  // biome-ignore lint/suspicious/noExplicitAny: tests also send what is wrong
  call(operation: keyof typeof COMMANDS, input: any = {}, accountId = ACCOUNT): Promise<any> {
    return this.send(this.client(this.credentials.forAccount(accountId)), operation, input);
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests also send what is wrong
  async send(client: ReturnType<Testbed['client']>, operation: keyof typeof COMMANDS, input: any): Promise<any> {
    const { $metadata: _metadata, ...answer } = await new MacieClient(client as never).send(
      new COMMANDS[operation](input) as never,
    );
    return answer;
  }

  associate(...resources: ReadonlyArray<readonly [string, string?]>) {
    const s3Resources = resources.map(([bucketName, prefix]) => ({ bucketName, prefix, classificationType: FULL }));
    return this.call('AssociateS3Resources', { s3Resources });
  }

  /** What stands in the account, whatever lists show. */
  inventory(accountId = ACCOUNT) {
    return this.macie.inventory(this.state(accountId));
  }

  state(accountId = ACCOUNT) {
    return this.world.state(this.macie, accountId, REGION);
  }

  /** The role by which an account lets Macie in. */
  handshakeRole(accountId: string, more: { name?: string; externalId?: string; allowed?: boolean } = {}) {
    const { name = 'AWSMacieServiceCustomerHandshakeRole', externalId = ACCOUNT, allowed = true } = more;
    const trust = trustOf(
      { Service: 'macie.amazonaws.com' },
      { Condition: { StringEquals: { 'sts:ExternalId': externalId } } },
    );
    const managedPolicyArns = allowed ? ['arn:aws:iam::aws:policy/service-role/AmazonMacieHandshakeRole'] : [];
    return this.iam.createRole({ accountId, name, trust, managedPolicyArns });
  }
}
