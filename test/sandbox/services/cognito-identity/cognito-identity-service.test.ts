import { Credentials } from '../../../../sandbox/iam/credentials';
import { Iam } from '../../../../sandbox/iam/iam';
import { Clock } from '../../../../sandbox/kernel/clock';
import { Random } from '../../../../sandbox/kernel/random';
import { validate, validateOutput } from '../../../../sandbox/model/validate';
import { CognitoIdentityService } from '../../../../sandbox/services/cognito-identity/cognito-identity-service';
import type { CognitoIdentityState } from '../../../../sandbox/services/cognito-identity/identity-pools';
import type { Call, World } from '../../../../sandbox/services/service';
import { Sts } from '../../../../sandbox/services/sts/sts';

const place = { accountId: '111122223333', region: 'eu-central-1' };
const settings = { name: 'shop', allowUnauthenticated: true, allowClassicFlow: false };

function start() {
  const random = new Random(1);
  const iam = new Iam('aws', random);
  const sts = new Sts({ iam, credentials: new Credentials(new Clock(), random) });
  const service = new CognitoIdentityService({ iam, sts });
  const states = new Map<string, CognitoIdentityState>();
  const world: World = {
    clock: new Clock(),
    random: new Random(1),
    partition: 'aws',
    state: (_service, accountId, region) => {
      const key = `${accountId}/${region}`;
      states.set(key, states.get(key) ?? service.newState());
      return states.get(key) as never;
    },
  };
  const principal = {
    accountId: place.accountId,
    arn: 'arn:aws:iam::111122223333:root',
    userId: 'x',
    accessKeyId: 'x',
  };
  const call: Call = { world, principal, ...place, requestId: 'request' };
  const describePool = (id: string) =>
    service.operations.DescribeIdentityPool?.handle(
      { IdentityPoolId: id },
      world.state(service, place.accountId, place.region),
      call,
    );
  return {
    service,
    pools: service.pools(world),
    call,
    describePool,
    state: () => world.state(service, place.accountId, place.region),
  };
}

test('a pool gets an id of its region and can be described', () => {
  const { service, pools, describePool, state } = start();
  const { id } = pools.createPool(place, settings);
  expect(id).toMatch(/^eu-central-1:[0-9a-f-]{36}$/);
  expect(describePool(id)).toEqual({
    IdentityPoolId: id,
    IdentityPoolName: 'shop',
    AllowUnauthenticatedIdentities: true,
    AllowClassicFlow: false,
  });
  expect(validate(service.model, 'DescribeIdentityPoolInput', { IdentityPoolId: id })).toEqual([]);
  expect(validateOutput(service.model, 'IdentityPool', describePool(id))).toEqual([]);
  expect(service.inventory(state())).toEqual(['cognito identity pool shop']);
});

test('a pool is changed, gets roles and goes', () => {
  const { pools, describePool } = start();
  const { id } = pools.createPool(place, settings);
  pools.updatePool(place, id, { allowClassicFlow: true });
  pools.setRoles(place, id, { unauthenticated: 'arn:aws:iam::111122223333:role/guest' });
  expect(pools.pool(place, id)).toMatchObject({
    allowClassicFlow: true,
    roles: { unauthenticated: 'arn:aws:iam::111122223333:role/guest' },
  });
  expect(pools.pool({ ...place, region: 'us-east-1' }, id)).toBeUndefined();
  pools.deletePool(place, id);
  expect(pools.pool(place, id)).toBeUndefined();
  expect(() => describePool(id)).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException' }));
  expect(() => pools.setRoles(place, id, {})).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException' }));
});

test('describing a pool needs the permission on that pool', () => {
  const { service, call, state, pools } = start();
  const { id } = pools.createPool(place, settings);
  expect(service.operations.DescribeIdentityPool?.permissions({ IdentityPoolId: id }, call, state())).toEqual([
    {
      action: 'cognito-identity:DescribeIdentityPool',
      resource: `arn:aws:cognito-identity:eu-central-1:111122223333:identitypool/${id}`,
    },
  ]);
});
