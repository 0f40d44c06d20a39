import type { Iam } from '../../iam/iam';
import type { ServiceModel } from '../../model/model';
import type { KmsKeys } from '../kms/keys';
import type { Databases } from '../rds/databases';
import { type Call, type Document, type Operation, type Service, ServiceError, type World } from '../service';
import { Access } from './access';
import { availableDimensions, availableMetrics, resourceMetadata } from './available';
import { ComputedFromLoad } from './computed';
import type { ComputedMetrics } from './computed-metrics';
import { DatabaseControls } from './controls';
import { dimensionKeys } from './dimension-keys';
import { keyDetails, requestedDetails } from './key-details';
import model from './model.json';
import { type PerformanceInsightsOptions, settingsOf } from './options';
import { dimensionsOf } from './questions';
import { resourceMetrics } from './resource-metrics';
import { Sources } from './sources';

/** What Performance Insights remembers in an account and region: how much it was asked. */
export interface PerformanceInsightsState {
  second: number;
  calls: number;
}

type Handler = (input: Document, call: Call, sources: Sources, access: Access) => Document;

/** AWS Performance Insights: what reads measurements. README.md beside this file says what is modelled. */
export class PerformanceInsightsService implements Service<PerformanceInsightsState> {
  readonly name = 'pi';
  readonly model = model as unknown as ServiceModel;
  readonly operations: Readonly<Record<string, Operation<PerformanceInsightsState>>>;
  /** What happens to databases in a scenario. */
  readonly controls: DatabaseControls;
  private readonly sources: Sources;
  private readonly access: Access;

  constructor(
    { iam, databases, kms }: { readonly iam: Iam; readonly databases: Databases; readonly kms: KmsKeys },
    options: PerformanceInsightsOptions = {},
  ) {
    this.sources = new Sources(databases, settingsOf(options));
    this.access = new Access(this.sources, iam, kms);
    this.controls = new DatabaseControls(this.sources);
    this.operations = {
      GetResourceMetrics: this.reads('GetResourceMetrics', resourceMetrics, (input, call) =>
        (input.MetricQueries ?? []).flatMap((query: Document) => dimensionsOf(query, this.familyOf(input, call))),
      ),
      DescribeDimensionKeys: this.reads('DescribeDimensionKeys', dimensionKeys, (input, call) =>
        dimensionsOf(input, this.familyOf(input, call)),
      ),
      GetDimensionKeyDetails: this.reads('GetDimensionKeyDetails', keyDetails, requestedDetails),
      GetResourceMetadata: this.lists('GetResourceMetadata', resourceMetadata),
      ListAvailableResourceMetrics: this.lists('ListAvailableResourceMetrics', availableMetrics),
      ListAvailableResourceDimensions: this.lists('ListAvailableResourceDimensions', availableDimensions),
    };
  }

  newState(): PerformanceInsightsState {
    return { second: 0, calls: 0 };
  }

  /** Nothing: measurements come and go with their instances. */
  inventory(): readonly string[] {
    return [];
  }

  /** What CloudWatch sees of databases. */
  computedMetrics(world: World): ComputedMetrics {
    return new ComputedFromLoad(world, this.sources);
  }

  /** An operation on measurements, for which a customer's key must be usable. */
  private reads(
    action: string,
    handler: Handler,
    dimensions: (input: Document, call: Call) => readonly string[],
  ): Operation<PerformanceInsightsState> {
    return {
      permissions: (input, call) => this.access.permissions(action, input, call, dimensions(input, call)),
      handle: (input, state, call) => this.limited(state, call, () => handler(input, call, this.sources, this.access)),
    };
  }

  /** An operation that tells what there is to measure; no data is decrypted for it [U]. */
  private lists(action: string, handler: Handler): Operation<PerformanceInsightsState> {
    return {
      permissions: (input, call) => [this.access.own(action, input, call)],
      handle: (input, state, call) => this.limited(state, call, () => handler(input, call, this.sources, this.access)),
    };
  }

  private familyOf(input: Document, call: Call) {
    const instance = this.access.find(input, call);
    return instance === undefined ? undefined : this.sources.load(instance).family;
  }

  private limited(state: PerformanceInsightsState, { world }: Call, answer: () => Document): Document {
    const { callsPerSecond = Number.POSITIVE_INFINITY } = this.sources.settings;
    const second = Math.floor(world.clock.now() / 1000);
    state.calls = state.second === second ? state.calls + 1 : 1;
    state.second = second;
    if (state.calls > callsPerSecond) throw new ServiceError('ThrottlingException', 'Rate exceeded');
    return answer();
  }
}
