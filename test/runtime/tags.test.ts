import { tagChanges, tagList, tagsOf } from '../../src/runtime/tags';

describe('the changes from present tags to wanted ones', () => {
  test.each<[string, Parameters<typeof tagChanges>, ReturnType<typeof tagChanges>]>([
    ['are none where all is as wanted', [{ a: '1' }, { a: '1' }, { a: '1' }], {}],
    ['are what is new or different', [{ a: '1', b: '2' }, { a: '0' }, { a: '0' }], { changed: { a: '1', b: '2' } }],
    [
      'remove what was wanted before and is no longer',
      [{}, { a: '1', b: '2' }, { a: '1', b: '3' }],
      { removed: ['a', 'b'] },
    ],
    ['leave alone what others have set', [{}, { a: '1' }, { theirs: '1' }], {}],
    ['remove nothing without a former wish', [{ a: '1' }, undefined, { a: '1', b: '2' }], {}],
    ['can be both at once', [{ b: '2' }, { a: '1' }, { a: '1' }], { changed: { b: '2' }, removed: ['a'] }],
  ])('%s', (_name, arguments_, expected) => {
    expect(tagChanges(...arguments_)).toEqual(expected);
  });
});

test('tags go to a service as a list and come back as a map', () => {
  expect(tagList({ a: '1', b: '' })).toEqual([
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '' },
  ]);
  expect(tagsOf(tagList({ a: '1', b: '' }))).toEqual({ a: '1', b: '' });
  expect(tagsOf(undefined)).toEqual({});
});
