import { importModel, type SourceModel } from '../../../sandbox/model/import-model';

const source: SourceModel = {
  metadata: { apiVersion: '2030-01-01', endpointPrefix: 'things', protocol: 'rest-json', signingName: 'thing' },
  operations: {
    GetThing: {
      http: { method: 'GET', requestUri: '/things/{Name}' },
      input: { shape: 'GetThingRequest' },
      output: { shape: 'Thing' },
      errors: [{ shape: 'NotFound' }, { shape: 'Broken' }],
    },
    DropThing: { http: { method: 'DELETE', requestUri: '/things' }, input: { shape: 'DropRequest' } },
  },
  shapes: {
    GetThingRequest: {
      type: 'structure',
      required: ['Name'],
      members: {
        Name: { shape: 'Name', location: 'uri', locationName: 'Name' },
        Page: { shape: 'Page', location: 'querystring', locationName: 'page' },
      },
    },
    Thing: { type: 'structure', members: { Tags: { shape: 'Tags', locationName: 'tags' }, All: { shape: 'All' } } },
    Tags: { type: 'map', key: { shape: 'Name' }, value: { shape: 'Name' }, max: 50 },
    All: { type: 'list', member: { shape: 'Thing' }, min: 1 },
    Name: { type: 'string', min: 1, max: 9, pattern: '[a-z]|x\\d+' },
    Page: { type: 'integer', max: 100 },
    NotFound: { type: 'structure', members: {}, exception: true, error: { httpStatusCode: 404, code: 'Nope' } },
    Broken: { type: 'structure', members: {}, exception: true, fault: true },
    DropRequest: { type: 'structure', members: { Mode: { shape: 'Mode' } } },
    Mode: { type: 'string', enum: ['SOFT', 'HARD'] },
    Unused: { type: 'string' },
  },
};

describe('an AWS model is imported', () => {
  test('with its operations and the shapes that they reach', () => {
    const model = importModel(source);
    expect(Object.keys(model.operations)).toEqual(['GetThing', 'DropThing']);
    expect(model.operations.GetThing).toEqual({
      method: 'GET',
      uri: '/things/{Name}',
      input: 'GetThingRequest',
      output: 'Thing',
      errors: ['NotFound', 'Broken'],
    });
    expect(model.shapes.Unused).toBeUndefined();
    expect(model.shapes.Mode).toEqual({ type: 'string', values: ['SOFT', 'HARD'] });
    expect(model).toMatchObject({ signingName: 'thing', protocol: 'rest-json', apiVersion: '2030-01-01' });
  });

  test('with members where they travel', () => {
    const { shapes } = importModel(source);
    expect(shapes.GetThingRequest).toEqual({
      type: 'structure',
      required: ['Name'],
      members: {
        Name: { shape: 'Name', location: 'uri', locationName: 'Name' },
        Page: { shape: 'Page', location: 'querystring', locationName: 'page' },
      },
    });
    expect(shapes.Thing).toMatchObject({ members: { Tags: { shape: 'Tags', locationName: 'tags' } } });
  });

  test('with patterns that must match the whole value, alternatives included', () => {
    expect(importModel(source).shapes.Name).toMatchObject({ pattern: '^(?:[a-z]|x\\d+)$' });
  });

  test('with the status and code of its errors', () => {
    const { shapes } = importModel(source);
    expect(shapes.NotFound).toMatchObject({ httpStatus: 404, errorCode: 'Nope' });
    expect(shapes.Broken).toMatchObject({ httpStatus: 500 });
  });

  test('without the operations that are not named, and without their shapes', () => {
    const model = importModel(source, ['DropThing']);
    expect(Object.keys(model.operations)).toEqual(['DropThing']);
    expect(Object.keys(model.shapes)).toEqual(['DropRequest', 'Mode']);
  });

  test('only as far as the compact form can say it', () => {
    const odd = (shape: SourceModel['shapes'][string]) => () =>
      importModel({ ...source, shapes: { ...source.shapes, Name: shape } });
    expect(odd({ type: 'string', pattern: '(' })).toThrow("shape 'Name'");
    expect(odd({ type: 'bigdecimal' })).toThrow("type 'bigdecimal'");
    expect(odd({ type: 'structure', document: true })).toThrow("'document'");
    expect(() => importModel(source, ['GetNothing'])).toThrow("no operation 'GetNothing'");
    expect(() => importModel({ ...source, metadata: { ...source.metadata, protocol: 'ec2' } })).toThrow(
      "protocol 'ec2'",
    );
  });

  test('with the names of the JSON and query protocols', () => {
    const json = importModel({
      ...source,
      metadata: { ...source.metadata, protocol: 'json', jsonVersion: '1.1', targetPrefix: 'T' },
    });
    expect(json).toMatchObject({ protocol: 'aws-json', jsonVersion: '1.1', targetPrefix: 'T' });
    expect(json.operations.GetThing?.uri).toBeUndefined();
    expect(importModel({ ...source, metadata: { ...source.metadata, protocol: 'query' } }).protocol).toBe('aws-query');
  });
});
