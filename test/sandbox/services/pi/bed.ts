import { PIClient } from '@aws-sdk/client-pi';
import { RDSClient } from '@aws-sdk/client-rds';
import type { PerformanceInsightsOptions } from '../../../../sandbox/services/pi/options';
import { PerformanceInsightsService } from '../../../../sandbox/services/pi/pi-service';
import type { InstanceSettings } from '../../../../sandbox/services/rds/instances';
import { SupportingServices } from '../../../../sandbox/services/supporting-services';
import { ACCOUNT, Testbed } from '../../endpoint/testbed';

export const REGION = 'eu-central-1';
export const PLACE = { accountId: ACCOUNT, region: REGION };
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Databases over the wire, with Performance Insights. */
export class DatabaseBed extends Testbed {
  private static readonly open: DatabaseBed[] = [];

  static async start(options: PerformanceInsightsOptions = {}): Promise<DatabaseBed> {
    const bed = new DatabaseBed(options);
    DatabaseBed.open.push(bed);
    await bed.endpoint.start();
    return bed;
  }

  /** For `afterEach`: fails where the sandbox itself has failed. */
  static async stopAll(): Promise<void> {
    for (const bed of DatabaseBed.open.splice(0)) await bed.endpoint.stop();
  }

  readonly supporting: SupportingServices;
  readonly pi: PerformanceInsightsService;

  private constructor(options: PerformanceInsightsOptions) {
    let made: { supporting: SupportingServices; pi: PerformanceInsightsService } | undefined;
    super((bed) => {
      const supporting = new SupportingServices(bed);
      const { databases, kms } = supporting.tools;
      const pi = new PerformanceInsightsService({ iam: bed.iam, databases, kms }, options);
      made = { supporting, pi };
      return [...supporting.all, pi];
    });
    this.supporting = made!.supporting;
    this.pi = made!.pi;
  }

  get databases() {
    return this.supporting.tools.databases;
  }

  get controls() {
    return this.pi.controls;
  }

  /** An instance with Performance Insights that has been measured for an hour; the clock stands at a full hour. */
  async measured(settings: Partial<InstanceSettings> = {}) {
    const instance = this.databases.instances.create(PLACE, {
      identifier: 'db-1',
      engine: 'postgres',
      instanceClass: 'db.r6g.xlarge',
      performanceInsights: true,
      ...settings,
    });
    await this.pass(2 * HOUR - (this.clock.now() % HOUR));
    return instance;
  }

  pass(milliseconds: number): Promise<void> {
    return this.clock.sleep(milliseconds);
  }

  /** That many milliseconds before the last full minute: calls take a moment. */
  ago(milliseconds: number): Date {
    return new Date(Math.floor(this.clock.now() / MINUTE) * MINUTE - milliseconds);
  }

  admin(): PIClient {
    return new PIClient(this.client(this.credentials.forAccount(ACCOUNT)));
  }

  as(name: string, ...statements: object[]): PIClient {
    return new PIClient(this.client(this.role(name, statements).credentials));
  }

  rds(): RDSClient {
    return new RDSClient(this.client(this.credentials.forAccount(ACCOUNT)));
  }
}
