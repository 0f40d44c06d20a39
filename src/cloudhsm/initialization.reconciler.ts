import { InitializeClusterCommand } from '@aws-sdk/client-cloudhsm-v2';
import { describeFailure } from '../runtime/errors';
import { logger } from '../runtime/logger';
import { deleteParameter, type ParameterView, putParameter, readParameter } from '../runtime/parameter';
import type { Properties } from '../runtime/properties';
import type { PlanContext, Reconciler, Run, Step } from '../runtime/reconciler';
import {
  type AuthorityGoal,
  type ClusterIdentity,
  decodeAuthority,
  openAuthority,
  type Readiness,
} from './certificate-authority.runtime';
import { certifies } from './certificates.runtime';
import { phaseOf } from './cluster-phase.runtime';
import { type ClusterView, cloudHsm, describeCluster } from './cluster-view.runtime';

export interface InitializationGoal {
  readonly clusterId: string;
  readonly authority: AuthorityGoal;
  /** Name of the parameter for the root certificate, which clients need. */
  readonly trustAnchorParameter: string;
  /** Name of the parameter for the certificate request, where it is signed elsewhere. */
  readonly requestParameter?: string;
}

export interface InitializationObservation {
  readonly own?: { readonly tags: Readonly<Record<string, string>> };
  readonly cluster?: ClusterView;
  /** The parameters that there are, of the names in the properties and in those before. */
  readonly parameters: readonly ParameterView[];
  /** Absent where the authority does not matter. */
  readonly authority?: AuthorityView;
}

export interface AuthorityView {
  /** Whether the trust anchor that stands in the parameter is the authority's root. */
  readonly anchorStands: boolean;
  /** For a cluster that has a certificate request. */
  readonly readiness?: Readiness;
  /** For a cluster that is initialized: whether by this authority. */
  readonly hasSigned?: boolean;
}

interface Signature {
  readonly authority: AuthorityGoal;
  readonly cluster: ClusterIdentity;
}

export type InitializationAction =
  | {
      readonly call: 'PutParameter';
      readonly name: string;
      readonly overwrite: boolean;
      readonly content: { readonly request: string } | { readonly rootOf: Signature };
    }
  | ({ readonly call: 'IssueCertificate'; readonly request: string } & Signature)
  | ({
      readonly call: 'InitializeCluster';
      readonly request: string;
      readonly trustAnchor: string;
      /** When the trust anchor was written, which is just before the first try. */
      readonly preparedAt?: Date;
    } & Signature)
  | { readonly call: 'DeleteParameter'; readonly name: string };

/** An initialization cannot be undone or repeated, so nothing replaces it: what changes is changed as far as it can be. */
export const initializationReconciler: Reconciler<InitializationGoal, InitializationObservation, InitializationAction> =
  {
    decode,
    replacementReasons: () => [],
    observe,
    plan,
    act,
  };

function decode(properties: Properties): InitializationGoal {
  return {
    clusterId: properties.string('ClusterId'),
    authority: decodeAuthority(properties.optionalObject('CertificateAuthority')),
    trustAnchorParameter: properties.string('TrustAnchorParameter'),
    requestParameter: properties.optionalString('CertificateRequestParameter'),
  };
}

async function observe(run: Run<InitializationGoal>): Promise<InitializationObservation> {
  const parameters: ParameterView[] = [];
  for (const name of parameterNames(run.properties, run.previousProperties)) {
    const parameter = await readParameter(run, name);
    if (parameter !== undefined) parameters.push(parameter);
  }
  const own = parameters.find((parameter) => parameter.own);
  if (run.requestType === 'Delete') return { own, parameters };
  const goal = decode(run.properties);
  const cluster = await describeCluster(run.aws, goal.clusterId);
  return { own, parameters, cluster, authority: cluster && (await askAuthority(goal, cluster, parameters, run)) };
}

function parameterNames(...all: Array<Properties | undefined>): Set<string> {
  const keys = ['TrustAnchorParameter', 'CertificateRequestParameter'];
  return new Set(all.flatMap((properties) => keys.flatMap((key) => properties?.optionalString(key) ?? [])));
}

/** Asked only where it matters, since its key may be gone long after the initialization. Makes no signature. */
async function askAuthority(
  goal: InitializationGoal,
  cluster: ClusterView,
  parameters: readonly ParameterView[],
  run: Run<InitializationGoal>,
): Promise<AuthorityView | undefined> {
  const phase = phaseOf(cluster);
  const anchor = named(parameters, goal.trustAnchorParameter)?.value;
  if (phase.kind === 'requesting') {
    if (awaitsSignature(goal)) return undefined;
    const authority = await openAuthority(goal.authority, cluster, run);
    return {
      anchorStands: anchor !== undefined && (await authority.isRoot(anchor)),
      readiness: await authority.readiness(phase.request),
    };
  }
  const { clusterCertificate } = cluster;
  if (phase.kind === 'busy' || phase.kind === 'gone' || clusterCertificate === undefined) return undefined;
  if (anchor !== undefined && certifies(anchor, clusterCertificate)) return { anchorStands: true };
  const authority = await openAuthority(goal.authority, cluster, run);
  return { anchorStands: false, hasSigned: authority.hasSigned(clusterCertificate) };
}

/** The first of two deployments with a signature that is made elsewhere: the request is shown, no more. */
function awaitsSignature({ authority }: InitializationGoal): boolean {
  return authority.kind === 'external' && authority.signedCertificate === undefined;
}

function named(parameters: readonly ParameterView[], name: string | undefined): ParameterView | undefined {
  return parameters.find((parameter) => parameter.name === name);
}

function plan(
  goal: InitializationGoal | undefined,
  observed: InitializationObservation,
  run: PlanContext<InitializationGoal>,
): Step<InitializationAction> {
  const { cluster, parameters } = observed;
  if (goal === undefined) return removeParameters(parameters) ?? { kind: 'done', attributes: {} };
  if (cluster === undefined) {
    return { kind: 'fail', reason: `cluster ${goal.clusterId} does not exist; deploy the cluster again` };
  }
  const foreign = parameters.find(({ name, own }) => !own && wantedNames(goal).includes(name));
  if (foreign !== undefined) return { kind: 'fail', reason: takenName(foreign.name, run) };
  const phase = phaseOf(cluster);
  switch (phase.kind) {
    case 'gone':
      return { kind: 'fail', reason: phase.reason };
    case 'busy':
      return { kind: 'wait', reason: phase.reason };
    case 'requesting':
      return planRequest(goal, phase.request, cluster, observed);
    default:
      return planInitialized(goal, cluster, observed);
  }
}

function wantedNames({ trustAnchorParameter, requestParameter }: InitializationGoal): string[] {
  return requestParameter === undefined ? [trustAnchorParameter] : [trustAnchorParameter, requestParameter];
}

function takenName(name: string, { place }: PlanContext<InitializationGoal>): string {
  return `a parameter named "${name}" already exists in ${place.accountId}/${place.region} and was not made by this resource; choose another name, or delete that parameter first`;
}

function planRequest(
  goal: InitializationGoal,
  request: string,
  cluster: ClusterView,
  { authority, parameters }: InitializationObservation,
): Step<InitializationAction> {
  const shown = named(parameters, goal.requestParameter);
  if (goal.requestParameter !== undefined && shown?.value.trim() !== request.trim()) {
    return put(goal.requestParameter, shown, { request });
  }
  const readiness = authority?.readiness;
  if (awaitsSignature(goal) || authority === undefined || readiness === undefined) {
    return finish(goal, cluster, parameters);
  }
  if (readiness.kind === 'wait') return readiness;
  if (readiness.kind === 'fail') return { kind: 'fail', reason: `${readiness.reason}${whereRequestIs(goal)}` };
  const signature: Signature = { authority: goal.authority, cluster: { id: cluster.id, created: cluster.created } };
  const anchor = named(parameters, goal.trustAnchorParameter);
  // Written ahead: once the cluster is initialized, nothing but this parameter may tell its trust anchor.
  if (!authority.anchorStands || anchor === undefined) {
    return put(goal.trustAnchorParameter, anchor, { rootOf: signature });
  }
  if (readiness.kind === 'issue') return { kind: 'act', action: { call: 'IssueCertificate', request, ...signature } };
  const { value: trustAnchor, modified: preparedAt } = anchor;
  return { kind: 'act', action: { call: 'InitializeCluster', request, trustAnchor, preparedAt, ...signature } };
}

function whereRequestIs({ requestParameter }: InitializationGoal): string {
  return requestParameter === undefined
    ? ''
    : `; the current request stands in the parameter ${requestParameter}: deploy again with its certificate`;
}

/** A trust anchor that cannot be found any more (restored from a backup of another authority) is no reason to fail. */
function planInitialized(
  goal: InitializationGoal,
  cluster: ClusterView,
  { authority, parameters }: InitializationObservation,
): Step<InitializationAction> {
  if (authority?.hasSigned === true && !authority.anchorStands) {
    const rootOf = { authority: goal.authority, cluster: { id: cluster.id, created: cluster.created } };
    return put(goal.trustAnchorParameter, named(parameters, goal.trustAnchorParameter), { rootOf });
  }
  return finish(goal, cluster, parameters);
}

function put(
  name: string,
  existing: ParameterView | undefined,
  content: Extract<InitializationAction, { call: 'PutParameter' }>['content'],
): Step<InitializationAction> {
  return { kind: 'act', action: { call: 'PutParameter', name, overwrite: existing !== undefined, content } };
}

function finish(
  goal: InitializationGoal,
  cluster: ClusterView,
  parameters: readonly ParameterView[],
): Step<InitializationAction> {
  const unwanted = parameters.filter(({ name }) => !wantedNames(goal).includes(name));
  const { trustAnchorParameter: TrustAnchorParameterName, requestParameter } = goal;
  return (
    removeParameters(unwanted) ?? {
      kind: 'done',
      attributes: {
        State: cluster.state,
        TrustAnchorParameterName,
        ...(requestParameter === undefined ? {} : { CertificateRequestParameterName: requestParameter }),
      },
    }
  );
}

function removeParameters(parameters: readonly ParameterView[]): Step<InitializationAction> | undefined {
  const own = parameters.find((parameter) => parameter.own);
  return own && { kind: 'act', action: { call: 'DeleteParameter', name: own.name } };
}

async function act(action: InitializationAction, run: Run<InitializationGoal>): Promise<void> {
  switch (action.call) {
    case 'PutParameter': {
      const { name, overwrite, content } = action;
      const value = 'request' in content ? content.request : await rootOf(content.rootOf, run);
      await putParameter(run, name, value, overwrite);
      return;
    }
    case 'IssueCertificate': {
      const authority = await openAuthority(action.authority, action.cluster, run);
      await authority.issue?.(action.request);
      return;
    }
    case 'InitializeCluster':
      await initialize(action, run);
      return;
    case 'DeleteParameter':
      await deleteParameter(run, action.name);
      return;
  }
}

async function rootOf({ authority, cluster }: Signature, run: Run<InitializationGoal>): Promise<string> {
  return (await openAuthority(authority, cluster, run)).root();
}

type Initialization = Extract<InitializationAction, { call: 'InitializeCluster' }>;

async function initialize(action: Initialization, run: Run<InitializationGoal>): Promise<void> {
  const authority = await openAuthority(action.authority, action.cluster, run);
  const SignedCert = await authority.certificate(action.request);
  try {
    await cloudHsm(run.aws).send(
      new InitializeClusterCommand({ ClusterId: action.cluster.id, SignedCert, TrustAnchor: action.trustAnchor }),
    );
  } catch (error) {
    if (!isRefusal(error) || !(await isOutOfDate(action, run))) throw error;
    logger.warn('looking again', { reason: describeFailure('InitializeCluster was refused', error) });
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'CloudHsmInvalidRequestException';
}

/** For so long a cluster that was initialized by a call with a lost answer may still look uninitialized. */
const LAG_MS = 300_000;

/** Whether the refusal may mean that the cluster is not (any more) what it looked like, rather than a bad certificate. */
async function isOutOfDate({ request, cluster, preparedAt }: Initialization, run: Run<unknown>): Promise<boolean> {
  const now = await describeCluster(run.aws, cluster.id);
  const phase = now && phaseOf(now);
  // The first HSM was replaced, and the request with it, or the initialization is under way.
  if (phase?.kind !== 'requesting' || phase.request !== request) return true;
  return preparedAt !== undefined && run.now.getTime() - preparedAt.getTime() < LAG_MS;
}
