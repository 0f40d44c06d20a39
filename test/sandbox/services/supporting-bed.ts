import { type SupportingOptions, SupportingServices } from '../../../sandbox/services/supporting-services';
import { ACCOUNT, Testbed } from '../endpoint/testbed';

export { ACCOUNT, errorOf, OTHER_ACCOUNT, policyOf, trustOf } from '../endpoint/testbed';
export const REGION = 'eu-central-1';

/** An endpoint with the supporting services, and what makes things in them. */
export class SupportingBed extends Testbed {
  private static readonly open: SupportingBed[] = [];

  static async start(options: SupportingOptions = {}): Promise<SupportingBed> {
    const bed = new SupportingBed(options);
    SupportingBed.open.push(bed);
    await bed.endpoint.start();
    return bed;
  }

  /** For `afterEach`: fails where the sandbox itself has failed. */
  static async stopAll(): Promise<void> {
    for (const bed of SupportingBed.open.splice(0)) await bed.endpoint.stop();
  }

  readonly supporting: SupportingServices;

  private constructor(options: SupportingOptions) {
    let supporting: SupportingServices | undefined;
    super((bed) => {
      supporting = new SupportingServices(bed, options);
      return supporting.all;
    });
    this.supporting = supporting!;
  }

  get tools() {
    return this.supporting.tools;
  }

  /** What an SDK client of an administrator is made with. */
  admin() {
    return this.client(this.credentials.forAccount(ACCOUNT));
  }

  /** What an SDK client of a role with these statements is made with. */
  as(name: string, ...statements: object[]) {
    return this.client(this.role(name, statements).credentials);
  }
}

export function allow(action: string | string[], resource: string | string[] = '*', condition?: object) {
  return { Effect: 'Allow', Action: action, Resource: resource, ...(condition && { Condition: condition }) };
}
