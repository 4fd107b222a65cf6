// Every body this adapter sends, each held against the types generated from Qdrant's published interface. All in one place,
// so that a test can hold what really went over the wire against the same interface.
import type { Schemas } from '@qdrant/js-client-rest';
import type { IndexFilter, IndexPoint, SparseVector } from '../../core/ports/search-index.ts';
import { ofTenant, toFilter } from './filter.ts';
import { denseVector, refFields, toPoint, wordVector } from './points.ts';

/** `shared`: one collection with a tenant index. `collection`: one collection per tenant. */
export type Isolation = 'shared' | 'collection';

/** Every field a filter names: without an index a server in strict mode answers 400. */
export const indexedFields: Record<string, Schemas['PayloadFieldSchema']> = {
  tenant: { type: 'keyword', is_tenant: true },
  kind: 'keyword',
  from_ms: 'integer',
  to_ms: 'integer',
  channels: 'keyword',
  services: 'keyword',
  audience: 'keyword',
  priority: 'integer',
  active: 'bool',
  source: 'keyword',
};

/** Strict as a managed server is, so that a filter without an index fails on everybody's own machine first. */
const strictMode: Schemas['StrictModeConfig'] = {
  enabled: true,
  unindexed_filtering_retrieve: false,
  unindexed_filtering_update: false,
};
/** Every search names its tenant, so links between all tenants' points would be built and never walked. */
const linksWithinTenants: Schemas['HnswConfigDiff'] = { m: 0, payload_m: 16 };

export function collectionWith(dimensions: number, isolation: Isolation): Schemas['CreateCollection'] {
  return {
    vectors: { [denseVector]: { size: dimensions, distance: 'Cosine' } },
    sparse_vectors: { [wordVector]: { modifier: 'idf' } },
    strict_mode_config: strictMode,
    ...(isolation === 'shared' ? { hnsw_config: linksWithinTenants } : {}),
  };
}

export function indexOn(field: string, schema: Schemas['PayloadFieldSchema']): Schemas['CreateFieldIndex'] {
  return { field_name: field, field_schema: schema };
}

export function pointsOf(accountId: string, points: readonly IndexPoint[]): Schemas['PointsList'] {
  return { points: points.map((point) => toPoint(accountId, point)) };
}

export function pointsNamed(ids: readonly Schemas['ExtendedPointId'][]): Schemas['PointIdsList'] {
  return { points: [...ids] };
}

export function everyPointOf(accountId: string): Schemas['FilterSelector'] {
  return { filter: ofTenant(accountId) };
}

export function wordQuestion(
  accountId: string,
  { indices, values }: SparseVector,
  filter: IndexFilter,
  limit: number,
): Schemas['QueryRequest'] {
  return { query: { indices, values }, using: wordVector, ...answeredWithRefs(accountId, filter, limit) };
}

export function vectorQuestion(
  accountId: string,
  vector: Float32Array,
  filter: IndexFilter,
  limit: number,
): Schemas['QueryRequest'] {
  return { query: [...vector], using: denseVector, ...answeredWithRefs(accountId, filter, limit) };
}

export function together(questions: Schemas['QueryRequest'][]): Schemas['QueryRequestBatch'] {
  return { searches: questions };
}

export function pageOfRefs(accountId: string, limit: number, offset: string | number | null): Schemas['ScrollRequest'] {
  return {
    filter: ofTenant(accountId),
    limit,
    with_payload: [...refFields],
    with_vector: false,
    ...(offset === null ? {} : { offset }),
  };
}

export function aliasChanges(
  removed: readonly string[],
  added: readonly Schemas['AliasDescription'][],
): Schemas['ChangeAliasesOperation'] {
  return {
    actions: [
      ...removed.map((alias_name) => ({ delete_alias: { alias_name } })),
      ...added.map((create_alias) => ({ create_alias })),
    ],
  };
}

function answeredWithRefs(accountId: string, filter: IndexFilter, limit: number): Schemas['QueryRequest'] {
  return { filter: toFilter(accountId, filter), limit, with_payload: [...refFields], with_vector: false };
}
