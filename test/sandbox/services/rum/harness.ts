import type { Permission } from '../../../../sandbox/iam/principal';
import { Clock } from '../../../../sandbox/kernel/clock';
import { Random } from '../../../../sandbox/kernel/random';
import { validate, validateOutput } from '../../../../sandbox/model/validate';
import type { RumOptions } from '../../../../sandbox/services/rum/options';
import { RumService } from '../../../../sandbox/services/rum/rum-service';
import type { RumState } from '../../../../sandbox/services/rum/state';
import type { Call, Document, Operation, ServiceError, World } from '../../../../sandbox/services/service';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

/** RUM without the wire: inputs and outputs are still checked against the model, as the endpoint does. */
export class RumHarness {
  readonly rum: RumService;
  readonly clock = new Clock();
  private readonly states = new Map<string, RumState>();
  private readonly world: World;

  constructor(options: RumOptions = {}) {
    this.rum = new RumService(options);
    this.world = {
      clock: this.clock,
      random: new Random(1),
      partition: 'aws',
      state: (_service, accountId, region) => this.state(accountId, region) as never,
    };
  }

  async call(operation: string, input: Document = {}, place: Partial<Call> = {}): Promise<Document> {
    const model = this.rum.model.operations[operation];
    const violations = validate(this.rum.model, model?.input as string, input);
    if (violations.length > 0) throw new Error(violations.join('; '));
    const call = this.callAt(place);
    const output = await this.operation(operation).handle(input, this.state(call.accountId, call.region), call);
    expect(validateOutput(this.rum.model, model?.output as string, output)).toEqual([]);
    return output;
  }

  /** The error of a call that must fail; it must be one that the model documents for the operation. */
  async failure(operation: string, input: Document, place: Partial<Call> = {}): Promise<ServiceError> {
    const error: ServiceError = await this.call(operation, input, place).then(
      () => {
        throw new Error(`${operation} succeeded`);
      },
      (thrown) => thrown,
    );
    expect(this.rum.model.operations[operation]?.errors).toContain(error.code);
    expect(this.rum.model.shapes[error.code]).toMatchObject({ httpStatus: error.statusCode });
    return error;
  }

  permissions(operation: string, input: Document): readonly Permission[] {
    return this.operation(operation).permissions(input, this.callAt({}), this.state());
  }

  state(accountId = ACCOUNT, region = REGION): RumState {
    const key = `${accountId}/${region}`;
    const state = this.states.get(key) ?? this.rum.newState();
    this.states.set(key, state);
    return state;
  }

  inventory(): readonly string[] {
    return this.rum.inventory(this.state());
  }

  create(name = 'shop', more: Document = {}): Promise<Document> {
    return this.call('CreateAppMonitor', { Name: name, Domain: 'shop.example.com', ...more });
  }

  async get(name = 'shop'): Promise<Document> {
    return (await this.call('GetAppMonitor', { Name: name })).AppMonitor;
  }

  private operation(name: string): Operation<RumState> {
    const operation = this.rum.operations[name];
    if (operation === undefined) throw new Error(`no operation ${name}`);
    return operation;
  }

  private callAt(place: Partial<Call>): Call {
    const principal = { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, userId: ACCOUNT, accessKeyId: 'AKIA' };
    return { world: this.world, principal, accountId: ACCOUNT, region: REGION, requestId: 'request', ...place };
  }
}

export function arnOf(name: string): string {
  return `arn:aws:rum:${REGION}:${ACCOUNT}:appmonitor/${name}`;
}
