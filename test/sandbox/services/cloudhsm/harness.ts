import type { Permission } from '../../../../sandbox/iam/principal';
import { Clock } from '../../../../sandbox/kernel/clock';
import { Random } from '../../../../sandbox/kernel/random';
import { validate, validateOutput } from '../../../../sandbox/model/validate';
import { CloudHsmService } from '../../../../sandbox/services/cloudhsm/cloudhsm-service';
import type { CloudHsmOptions } from '../../../../sandbox/services/cloudhsm/options';
import type { CloudHsmState } from '../../../../sandbox/services/cloudhsm/state';
import { Ec2Service } from '../../../../sandbox/services/ec2/ec2-service';
import type { Ec2Network } from '../../../../sandbox/services/ec2/network';
import type { Call, Document, Operation, Service, ServiceError, World } from '../../../../sandbox/services/service';
import { Authority } from './authority';

export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const REGION = 'eu-central-1';
export const OTHER_REGION = 'eu-west-1';
export const DAY = 86_400;

/** CloudHSM without the wire, on the sandbox's EC2: inputs and outputs are still checked against the model. */
export class CloudHsmHarness {
  readonly clock = new Clock();
  readonly service: CloudHsmService;
  readonly ec2 = new Ec2Service();
  readonly network: Ec2Network;
  readonly world: World;
  /** In the zones a, b and c of the region. */
  readonly subnets: readonly string[];
  readonly authority = new Authority();
  private readonly states = new Map<string, unknown>();

  constructor(options: CloudHsmOptions = {}) {
    this.world = {
      clock: this.clock,
      random: new Random(1),
      partition: 'aws',
      state: (service, accountId, region) => this.stateOf(service, accountId, region),
    };
    this.network = this.ec2.tools(this.world).network;
    this.service = new CloudHsmService(this.network, options);
    this.subnets = this.vpc();
  }

  /** A VPC with a subnet in each zone. */
  vpc(accountId = ACCOUNT, region = REGION, zones = ['a', 'b', 'c']): string[] {
    const vpc = this.network.createVpc(accountId, region, { cidr: '10.0.0.0/16' });
    return zones.map((zone, index) => {
      const settings = { vpcId: vpc.id, cidr: `10.0.${index}.0/24`, availabilityZone: `${region}${zone}` };
      return this.network.createSubnet(accountId, region, settings).id;
    });
  }

  async call(operation: string, input: Document = {}, place: Partial<Call> = {}): Promise<Document> {
    const model = this.service.model.operations[operation];
    const violations = validate(this.service.model, model?.input as string, input);
    if (violations.length > 0) throw new Error(violations.join('; '));
    const call = this.callAt(place);
    const output = await this.operation(operation).handle(input, this.state(call.accountId, call.region), call);
    expect(validateOutput(this.service.model, model?.output as string, output)).toEqual([]);
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
    expect({ error, documented: this.service.model.operations[operation]?.errors }).toMatchObject({
      documented: expect.arrayContaining([error.code]),
    });
    expect(this.service.model.shapes[error.code]).toMatchObject({ httpStatus: error.statusCode });
    return error;
  }

  permissions(operation: string, input: Document, place: Partial<Call> = {}): readonly Permission[] {
    const call = this.callAt(place);
    return this.operation(operation).permissions(input, call, this.state(call.accountId, call.region));
  }

  state(accountId = ACCOUNT, region = REGION): CloudHsmState {
    return this.stateOf(this.service, accountId, region);
  }

  inventory(accountId = ACCOUNT, region = REGION): readonly string[] {
    return this.service.inventory(this.state(accountId, region));
  }

  pass(seconds: number): Promise<void> {
    return this.clock.sleep(seconds * 1000);
  }

  async create(more: Document = {}, place: Partial<Call> = {}): Promise<string> {
    const input = { HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds: this.subnets, ...more };
    return (await this.call('CreateCluster', input, place)).Cluster.ClusterId;
  }

  /** An uninitialized cluster without an HSM. */
  async created(more: Document = {}): Promise<string> {
    const id = await this.create(more);
    await this.pass(150);
    return id;
  }

  async addHsm(clusterId: string, zone = 'a', more: Document = {}): Promise<Document> {
    const input = { ClusterId: clusterId, AvailabilityZone: `${REGION}${zone}`, ...more };
    return (await this.call('CreateHsm', input)).Hsm;
  }

  /** An uninitialized cluster with its first HSM. */
  async requesting(more: Document = {}): Promise<string> {
    const id = await this.created(more);
    await this.addHsm(id);
    await this.pass(480);
    return id;
  }

  async initialize(id: string): Promise<Document> {
    const { Certificates } = await this.cluster(id);
    const { root, issue } = this.authority;
    const now = this.clock.date();
    const TrustAnchor = await root({ notBefore: now });
    const SignedCert = await issue(Certificates.ClusterCsr, { notBefore: now });
    return this.call('InitializeCluster', { ClusterId: id, SignedCert, TrustAnchor });
  }

  /** An initialized cluster with its first HSM. */
  async initialized(more: Document = {}): Promise<string> {
    const id = await this.requesting(more);
    await this.initialize(id);
    await this.pass(60);
    return id;
  }

  /** An active cluster with one HSM and the backup of its activation. */
  async active(more: Document = {}): Promise<string> {
    const id = await this.initialized(more);
    this.service.activate(this.state(), id);
    await this.pass(80);
    return id;
  }

  async cluster(id: string): Promise<Document> {
    return (await this.call('DescribeClusters', { Filters: { clusterIds: [id] } })).Clusters[0];
  }

  async stateOfCluster(id: string): Promise<string | undefined> {
    return (await this.cluster(id))?.State;
  }

  async backups(input: Document = {}, place: Partial<Call> = {}): Promise<Document[]> {
    return (await this.call('DescribeBackups', input, place)).Backups;
  }

  async deleteHsm(clusterId: string, which: Document): Promise<Document> {
    return this.call('DeleteHsm', { ClusterId: clusterId, ...which });
  }

  private stateOf<State>(service: Service<State>, accountId: string, region: string): State {
    const key = `${service.name} ${accountId}/${region}`;
    if (!this.states.has(key)) this.states.set(key, service.newState());
    return this.states.get(key) as State;
  }

  private operation(name: string): Operation<CloudHsmState> {
    const operation = this.service.operations[name];
    if (operation === undefined) throw new Error(`no operation ${name}`);
    return operation;
  }

  callAt(place: Partial<Call>): Call {
    const accountId = place.accountId ?? ACCOUNT;
    const principal = { accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId, accessKeyId: 'AKIA' };
    return { world: this.world, principal, accountId, region: REGION, requestId: 'request', ...place };
  }
}

export function arnOf(id: string, accountId = ACCOUNT, region = REGION): string {
  return `arn:aws:cloudhsm:${region}:${accountId}:${id.split('-')[0]}/${id}`;
}
