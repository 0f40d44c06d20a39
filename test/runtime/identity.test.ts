import {
  idPrefix,
  isPhysicalId,
  newPhysicalId,
  ownerOf,
  parseStackId,
  type ResourceAddress,
  successorId,
} from '../../src/runtime/identity';
import { ADDRESS, ID, MADE_UP_ID } from '../support/runs';

const UUID = '51af3dc0-da77-11e4-872e-1234567db123';

function addressIn(stackName: string, logicalId = 'Monitor', uuid = UUID): ResourceAddress {
  return { stackId: `arn:aws:cloudformation:eu-central-1:111122223333:stack/${stackName}/${uuid}`, logicalId };
}

/** The longest that CloudFormation allows. */
const LONGEST = addressIn('s'.repeat(128), 'L'.repeat(255));

describe('parseStackId', () => {
  test('answers partition, region, account, name and uuid', () => {
    const stackId = `arn:aws-us-gov:cloudformation:us-gov-west-1:444455556666:stack/my-stack/${UUID}`;
    expect(parseStackId(stackId)).toEqual({
      partition: 'aws-us-gov',
      region: 'us-gov-west-1',
      accountId: '444455556666',
      name: 'my-stack',
      uuid: UUID,
    });
  });
});

describe('newPhysicalId', () => {
  test('answers the same id for the same request', () => {
    expect(newPhysicalId(ADDRESS, 'request-1')).toBe(newPhysicalId({ ...ADDRESS }, 'request-1'));
  });

  test.each<[string, ResourceAddress, string]>([
    ['another request', addressIn('shop'), 'request-2'],
    ['another logical id', addressIn('shop', 'Other'), 'request-1'],
    ['another stack', addressIn('other'), 'request-1'],
    ['a later stack of the same name', addressIn('shop', 'Monitor', UUID.replace('5', '6')), 'request-1'],
    ['a logical id that differs after 54 characters', addressIn('shop', `${'L'.repeat(54)}b`), 'request-1'],
  ])('answers another id for %s', (_what, address, requestId) => {
    const others = [addressIn('shop'), addressIn('shop', `${'L'.repeat(54)}a`)];
    for (const other of others) {
      expect(newPhysicalId(address, requestId)).not.toBe(newPhysicalId(other, 'request-1'));
    }
  });

  test('begins with the stack name and the logical id, for a reader and for the permissions', () => {
    expect(newPhysicalId(addressIn('shop', 'Monitor'), 'r')).toMatch(/^shop-Monitor-[0-9a-f]{16}$/);
  });

  test('keeps the longest stack name in full and stays within 255 characters', () => {
    const id = newPhysicalId(LONGEST, 'request-1');
    expect(id.startsWith(`${'s'.repeat(128)}-LLL`)).toBe(true);
    expect(id.length).toBeLessThanOrEqual(255);
    expect(isPhysicalId(id)).toBe(true);
  });

  test('consists of characters that names of AWS resources may have', () => {
    expect(ID).toMatch(/^[A-Za-z0-9-]+$/);
  });
});

describe('idPrefix', () => {
  test.each([
    ['a short address', addressIn('shop')],
    ['the longest address', LONGEST],
  ])('begins all ids of %s', (_what, address) => {
    const id = newPhysicalId(address, 'request-1');
    expect(id.startsWith(idPrefix(address))).toBe(true);
    expect(successorId(address, id).startsWith(idPrefix(address))).toBe(true);
  });
});

describe('successorId', () => {
  test('follows from the old id alone, however often it is asked for', () => {
    expect(successorId(ADDRESS, ID)).toBe(successorId(ADDRESS, ID));
    expect(isPhysicalId(successorId(ADDRESS, ID))).toBe(true);
  });

  test('never comes back to an earlier id', () => {
    const ids = [ID];
    for (let i = 0; i < 20; i++) ids.push(successorId(ADDRESS, ids[i] as string));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('stays within 255 characters, however many there were before', () => {
    let id = newPhysicalId(LONGEST, 'request-1');
    for (let i = 0; i < 20; i++) id = successorId(LONGEST, id);
    expect(id.length).toBeLessThanOrEqual(255);
  });
});

describe('isPhysicalId', () => {
  test('knows ids of whichever stack and logical id', () => {
    expect(isPhysicalId(newPhysicalId(addressIn('a-b-c', 'X'), 'r'))).toBe(true);
    expect(isPhysicalId(newPhysicalId(addressIn('q'), 'r'))).toBe(true);
  });

  test.each([
    ['of CloudFormation for a cancelled creation', MADE_UP_ID],
    ['of CloudFormation with digits alone', 'shop-Monitor5C1F2A3B-1234567890123'],
    ['of the provider framework for a failed creation', 'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED'],
    ['that is a log stream, as CloudFormation defaults to', '2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef'],
    ['that is empty', ''],
    ['that is one of ours with another check', ID.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
    ['that is one of ours with another prefix', `x${ID}`],
    ['that is one of ours in upper case', ID.toUpperCase()],
    ['that is one of ours cut short', ID.slice(0, -1)],
  ])('does not know an id %s', (_what, id) => {
    expect(isPhysicalId(id)).toBe(false);
  });
});

describe('ownerOf', () => {
  test('names the stack, its uuid and the logical id', () => {
    expect(ownerOf(addressIn('shop', 'Monitor'))).toBe(`shop/${UUID}/Monitor`);
  });

  test('has at most 256 characters and begins with the stack name in full', () => {
    const owner = ownerOf(LONGEST);
    expect(owner.length).toBe(256);
    expect(owner.startsWith(`${'s'.repeat(128)}/${UUID}/L`)).toBe(true);
  });

  test('is not shortened at 256 characters', () => {
    const logicalId = 'L'.repeat(256 - 'shop'.length - UUID.length - 2);
    expect(ownerOf(addressIn('shop', logicalId))).toBe(`shop/${UUID}/${logicalId}`);
  });

  test('tells logical ids apart that differ only in what is cut off', () => {
    const [a, b] = ['a', 'b'].map((end) => ownerOf({ ...LONGEST, logicalId: `${'L'.repeat(254)}${end}` }));
    expect(a).not.toBe(b);
  });
});
