import assert from 'node:assert/strict';
import { objectionsTo } from './published-interface.ts';
import type { SeenRequest } from './qdrant-simulator.ts';

const search = { query: [1, 0], using: 'dense', limit: 5, with_payload: ['kind'], with_vector: false };

function request(path: string, body: unknown, more: Partial<SeenRequest> = {}): SeenRequest {
  return { method: 'POST', path: `/collections/c${path}`, query: {}, apiKey: undefined, body, answer: null, ...more };
}

const wrong: Record<string, SeenRequest> = {
  'a field that does not exist': request('/points/query/batch', { searches: [{ ...search, limt: 5 }] }),
  'a value of another type': request('/points/query/batch', { searches: [{ ...search, limit: '5' }] }),
  'a misspelled condition': request('/points/query/batch', {
    searches: [{ ...search, filter: { must: [{ key: 'tenant', mach: { value: 'a' } }] } }],
  }),
  'a misspelled filter': request('/points/query/batch', { searches: [{ ...search, filter: { musst: [] } }] }),
  'a sparse vector without values': request('/points/query/batch', {
    searches: [{ ...search, query: { indices: [1] }, using: 'words' }],
  }),
  'an index of a kind that does not exist': request(
    '/index',
    { field_name: 'kind', field_schema: 'keywords' },
    { method: 'PUT' },
  ),
  'a setting of the collection that does not exist': request(
    '',
    { vectors: { dense: { size: 2, distance: 'Cosine' } }, strict_mode_config: { unindexed_filtering: false } },
    { method: 'PUT' },
  ),
  'a distance that does not exist': request(
    '',
    { vectors: { dense: { size: 2, distance: 'Cosinus' } } },
    { method: 'PUT' },
  ),
  'an alias without its collection': request(
    '',
    { actions: [{ create_alias: { alias_name: 'a' } }] },
    {
      path: '/collections/aliases',
    },
  ),
  'a parameter that does not exist': request('/points/scroll', { limit: 5 }, { query: { tiemout: '2' } }),
  'a route that does not exist': request('/points/find', { limit: 5 }),
  'a method the route does not have': request('/points/scroll', { limit: 5 }, { method: 'PUT' }),
  'an answer that is not like that': request(
    '/points/scroll',
    { limit: 5 },
    {
      answer: { status: 200, body: { result: { points: [{ payload: {} }], next_page_offset: null } } },
    },
  ),
};

describe('the published interface of Qdrant', function () {
  this.timeout(60_000);

  it('has nothing against a request as it is written', () => {
    assert.deepEqual(objectionsTo([request('/points/query/batch', { searches: [search] })]), [[]]);
  });

  it(`objects to ${Object.keys(wrong).join(', ')}`, () => {
    const objections = objectionsTo(Object.values(wrong));
    const passed = Object.keys(wrong).filter((_, at) => objections[at]?.length === 0);
    assert.deepEqual(passed, []);
  });
});
