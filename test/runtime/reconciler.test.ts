import { ID_TAG, OWNER_TAG, ownerOf } from '../../src/runtime/identity';
import { isOwn, REPLACES_TAG, settledTags } from '../../src/runtime/reconciler';
import { ADDRESS, aRun, ID, MADE_UP_ID, STARTED } from '../support/runs';

const OWNER = { [OWNER_TAG]: ownerOf(ADDRESS) };
const KNOWN = aRun();
const UNKNOWN = aRun({ id: MADE_UP_ID, unknownId: true });
const A_DAY = 24 * 60 * 60 * 1000;

/** So many milliseconds before the run. */
function ago(milliseconds: number): Date {
  return new Date(Date.parse(STARTED) - milliseconds);
}

describe('with a known id', () => {
  test.each([
    ['the id alone', { [ID_TAG]: ID }, true],
    ['the id and another owner, as after a stack refactoring', { [ID_TAG]: ID, [OWNER_TAG]: 'other' }, true],
    ['no tags', {}, false],
    ['the owner alone', OWNER, false],
    ['the owner and another id', { ...OWNER, [ID_TAG]: 'other' }, false],
  ])('what has %s is ours: %p -> %p', (_what, tags, own) => {
    expect(isOwn(KNOWN, tags, undefined)).toBe(own);
    expect(isOwn(KNOWN, tags, ago(2 * A_DAY))).toBe(own);
  });
});

describe('with an unknown id', () => {
  test.each([
    ['the owner and an id', { ...OWNER, [ID_TAG]: ID }, true],
    ['another owner', { [OWNER_TAG]: ownerOf({ ...ADDRESS, logicalId: 'Other' }), [ID_TAG]: ID }, false],
    ['no owner', { [ID_TAG]: ID }, false],
    ['no tags', {}, false],
  ])('what has %s is ours: %p -> %p', (_what, tags, own) => {
    expect(isOwn(UNKNOWN, tags, ago(0))).toBe(own);
    expect(isOwn(UNKNOWN, tags, undefined)).toBe(own);
  });

  test('what was made more than a day before is not ours, since no creation runs for so long', () => {
    expect(isOwn(UNKNOWN, OWNER, ago(A_DAY))).toBe(true);
    expect(isOwn(UNKNOWN, OWNER, ago(A_DAY + 1))).toBe(false);
  });
});

test('the tags of a resource are those by which it is known', () => {
  expect(settledTags(KNOWN)).toEqual({ ...OWNER, [ID_TAG]: ID });
  expect(settledTags({ ...KNOWN, replaces: 'before' })).toEqual({ ...OWNER, [ID_TAG]: ID, [REPLACES_TAG]: 'before' });
  expect(isOwn(KNOWN, settledTags(KNOWN), undefined)).toBe(true);
});
