import type { AuthorityGoal } from '../../src/cloudhsm/certificate-authority.runtime';
import type { ClusterView } from '../../src/cloudhsm/cluster-view.runtime';
import {
  type AuthorityView,
  type InitializationGoal,
  initializationReconciler,
} from '../../src/cloudhsm/initialization.reconciler';
import type { ParameterView } from '../../src/runtime/parameter';
import { aCluster, anHsm, CLUSTER_ID } from '../support/cluster-views';
import { aRun, ID } from '../support/runs';

const ANCHOR = '/shop/hsm/trust-anchor';
const REQUEST = '/shop/hsm/request';
const KMS: AuthorityGoal = { kind: 'kms', keyId: 'key' };
const EXTERNAL: AuthorityGoal = { kind: 'external', signedCertificate: 'signed', trustAnchor: 'root' };
const UNSIGNED: AuthorityGoal = { kind: 'external' };
const CSR = 'the request';

function goalOf(authority: AuthorityGoal = KMS): InitializationGoal {
  const requestParameter = authority.kind === 'external' ? REQUEST : undefined;
  return { clusterId: CLUSTER_ID, authority, trustAnchorParameter: ANCHOR, requestParameter };
}

function aParameter(name: string, changes: Partial<ParameterView> = {}): ParameterView {
  return { name, value: 'root', modified: new Date('2026-01-01T00:10:00Z'), tags: {}, own: true, ...changes };
}

interface Situation {
  readonly goal?: InitializationGoal;
  readonly cluster?: Partial<ClusterView>;
  readonly parameters?: readonly ParameterView[];
  readonly authority?: AuthorityView;
}

function plan({ goal = goalOf(), cluster = {}, parameters = [], authority }: Situation) {
  const observed = { cluster: aCluster(cluster), parameters, authority };
  return initializationReconciler.plan(goal, observed, aRun<InitializationGoal>());
}

const UNINITIALIZED = { state: 'UNINITIALIZED', csr: CSR };
const READY: AuthorityView = { anchorStands: true, readiness: { kind: 'ready' } };
const SIGNATURE = { authority: KMS, cluster: { id: CLUSTER_ID, created: new Date('2026-01-01T00:00:00Z') } };
const done = (State: string, more = {}) => ({
  kind: 'done',
  attributes: { State, TrustAnchorParameterName: ANCHOR, ...more },
});

describe('to have a cluster initialized', () => {
  test.each<[string, Partial<ClusterView>, string]>([
    ['is being created', { state: 'CREATE_IN_PROGRESS' }, 'is in CREATE_IN_PROGRESS'],
    ['is being initialized', { state: 'INITIALIZE_IN_PROGRESS' }, 'is in INITIALIZE_IN_PROGRESS'],
    ['is being updated', { state: 'UPDATE_IN_PROGRESS', stateMessage: 'soon' }, 'is in UPDATE_IN_PROGRESS (soon)'],
    ['is in no state', { state: '' }, 'is in (no state)'],
    ['has no HSM yet', { state: 'UNINITIALIZED', hsms: [] }, 'it comes with the first HSM, and there is none'],
    [
      'has an HSM but no request yet',
      { state: 'UNINITIALIZED', hsms: [anHsm({ state: 'CREATE_IN_PROGRESS' })] },
      'there is hsm-lgoqitns6ri in CREATE_IN_PROGRESS',
    ],
    [
      'is degraded while its HSM is made',
      { state: 'DEGRADED', hsms: [anHsm({ state: 'CREATE_IN_PROGRESS' })] },
      'is DEGRADED',
    ],
  ])('it waits, saying so, while the cluster %s', (_what, cluster, reason) => {
    expect(plan({ cluster })).toEqual({ kind: 'wait', reason: expect.stringContaining(reason) });
  });

  test.each(['DELETE_IN_PROGRESS', 'DELETED'])('it fails where the cluster is in %s', (state) => {
    expect(plan({ cluster: { state } })).toEqual({ kind: 'fail', reason: expect.stringContaining(state) });
  });

  test('it fails where there is no cluster', () => {
    expect(initializationReconciler.plan(goalOf(), { parameters: [] }, aRun())).toEqual({
      kind: 'fail',
      reason: `cluster ${CLUSTER_ID} does not exist; deploy the cluster again`,
    });
  });

  test('it fails where a parameter of the name is not ours', () => {
    expect(plan({ parameters: [aParameter(ANCHOR, { own: false })] })).toEqual({
      kind: 'fail',
      reason: `a parameter named "${ANCHOR}" already exists in 111122223333/eu-central-1 and was not made by this resource; choose another name, or delete that parameter first`,
    });
  });

  describe('with a certificate request', () => {
    test.each([
      ['there is none', [], false],
      ['another stands there', [aParameter(ANCHOR)], true],
    ])('the trust anchor is written first where %s', (_what, parameters, overwrite) => {
      const authority = { ...READY, anchorStands: false };
      expect(plan({ cluster: UNINITIALIZED, parameters, authority })).toEqual({
        kind: 'act',
        action: { call: 'PutParameter', name: ANCHOR, overwrite, content: { rootOf: SIGNATURE } },
      });
    });

    test.each(['UNINITIALIZED', 'DEGRADED'])('the %s cluster is initialized when the trust anchor stands', (state) => {
      const parameters = [aParameter(ANCHOR)];
      expect(plan({ cluster: { state, csr: CSR }, parameters, authority: READY })).toEqual({
        kind: 'act',
        action: {
          call: 'InitializeCluster',
          request: CSR,
          trustAnchor: 'root',
          preparedAt: new Date('2026-01-01T00:10:00Z'),
          ...SIGNATURE,
        },
      });
    });

    test('a request that has changed is another action: the first HSM was replaced', () => {
      const parameters = [aParameter(ANCHOR)];
      expect(plan({ cluster: { ...UNINITIALIZED, csr: 'another' }, parameters, authority: READY })).toMatchObject({
        action: { call: 'InitializeCluster', request: 'another' },
      });
    });

    test('the certificate is issued when the authority has to be asked, after the trust anchor is written', () => {
      const authority: AuthorityView = { anchorStands: true, readiness: { kind: 'issue' } };
      expect(plan({ cluster: UNINITIALIZED, parameters: [aParameter(ANCHOR)], authority })).toEqual({
        kind: 'act',
        action: { call: 'IssueCertificate', request: CSR, ...SIGNATURE },
      });
      expect(plan({ cluster: UNINITIALIZED, authority: { ...authority, anchorStands: false } })).toMatchObject({
        action: { call: 'PutParameter' },
      });
    });

    test('it waits for the authority', () => {
      const readiness = { kind: 'wait', reason: 'not issued yet' } as const;
      expect(plan({ cluster: UNINITIALIZED, authority: { anchorStands: false, readiness } })).toEqual(readiness);
    });

    test('it fails where the authority cannot', () => {
      const readiness = { kind: 'fail', reason: 'it is broken' } as const;
      expect(plan({ cluster: UNINITIALIZED, authority: { anchorStands: false, readiness } })).toEqual(readiness);
    });
  });

  describe('with a signature made elsewhere', () => {
    const shown = aParameter(REQUEST, { value: `${CSR}\n` });

    test.each([
      ['is not there yet', [], false],
      ['is one of an HSM that was replaced', [aParameter(REQUEST, { value: 'old' })], true],
    ])('the request is shown first where the parameter %s', (_what, parameters, overwrite) => {
      for (const authority of [UNSIGNED, EXTERNAL]) {
        expect(plan({ goal: goalOf(authority), cluster: UNINITIALIZED, parameters, authority: READY })).toEqual({
          kind: 'act',
          action: { call: 'PutParameter', name: REQUEST, overwrite, content: { request: CSR } },
        });
      }
    });

    test('it is done without being initialized while there is no certificate', () => {
      expect(plan({ goal: goalOf(UNSIGNED), cluster: UNINITIALIZED, parameters: [shown] })).toEqual(
        done('UNINITIALIZED', { CertificateRequestParameterName: REQUEST }),
      );
    });

    test('it is initialized with the certificate', () => {
      const parameters = [shown, aParameter(ANCHOR)];
      expect(plan({ goal: goalOf(EXTERNAL), cluster: UNINITIALIZED, parameters, authority: READY })).toMatchObject({
        action: { call: 'InitializeCluster', authority: EXTERNAL },
      });
    });

    test('a certificate that does not fit fails, and says where the request is', () => {
      const authority: AuthorityView = { anchorStands: false, readiness: { kind: 'fail', reason: 'it does not fit' } };
      expect(plan({ goal: goalOf(EXTERNAL), cluster: UNINITIALIZED, parameters: [shown], authority })).toEqual({
        kind: 'fail',
        reason: `it does not fit; the current request stands in the parameter ${REQUEST}: deploy again with its certificate`,
      });
    });

    test('it is done when the cluster is initialized, also if the certificate is taken back', () => {
      const parameters = [shown, aParameter(ANCHOR)];
      for (const authority of [UNSIGNED, EXTERNAL]) {
        expect(plan({ goal: goalOf(authority), cluster: { state: 'INITIALIZED' }, parameters })).toEqual(
          done('INITIALIZED', { CertificateRequestParameterName: REQUEST }),
        );
      }
    });
  });

  describe('which it is already', () => {
    const states = ['INITIALIZED', 'ACTIVE', 'DEGRADED', 'MODIFY_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'];

    test.each(states)('it is done in state %s', (state) => {
      expect(plan({ cluster: { state }, parameters: [aParameter(ANCHOR)] })).toEqual(done(state));
    });

    test.each(states)('it is done in state %s without HSMs, or a trust anchor that could be found', (state) => {
      const authority = { anchorStands: false, hasSigned: false };
      expect(plan({ cluster: { state, hsms: [] } })).toEqual(done(state));
      expect(plan({ cluster: { state, hsms: [] }, authority })).toEqual(done(state));
    });

    test.each([
      ['missing', [], false],
      ['one of another cluster', [aParameter(ANCHOR)], true],
    ])(
      'a trust anchor that is %s is written where the authority is the one that signed',
      (_what, parameters, overwrite) => {
        const authority = { anchorStands: false, hasSigned: true };
        expect(plan({ parameters, authority })).toEqual({
          kind: 'act',
          action: { call: 'PutParameter', name: ANCHOR, overwrite, content: { rootOf: SIGNATURE } },
        });
      },
    );

    test('our parameters of names before are removed at last', () => {
      const old = aParameter('/shop/old');
      expect(plan({ parameters: [aParameter(ANCHOR), old] })).toEqual({
        kind: 'act',
        action: { call: 'DeleteParameter', name: '/shop/old' },
      });
      expect(plan({ parameters: [aParameter(ANCHOR), { ...old, own: false }] })).toEqual(done('ACTIVE'));
    });
  });
});

describe('to have it no more', () => {
  test.each(['UNINITIALIZED', 'INITIALIZE_IN_PROGRESS', 'INITIALIZED', 'ACTIVE', 'DELETE_IN_PROGRESS'])(
    'it is done at once in state %s: an initialization cannot be undone',
    (state) => {
      expect(
        initializationReconciler.plan(undefined, { parameters: [], cluster: aCluster({ state }) }, aRun()),
      ).toEqual({ kind: 'done', attributes: {} });
    },
  );

  test('our parameters are removed one by one, and no others', () => {
    const [anchor, request] = [aParameter(ANCHOR, { own: false }), aParameter(REQUEST)];
    expect(initializationReconciler.plan(undefined, { parameters: [anchor, request] }, aRun({ id: ID }))).toEqual({
      kind: 'act',
      action: { call: 'DeleteParameter', name: REQUEST },
    });
    expect(initializationReconciler.plan(undefined, { parameters: [anchor] }, aRun())).toMatchObject({ kind: 'done' });
  });
});
