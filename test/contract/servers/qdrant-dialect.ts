// What the simulator of Qdrant understands: less than Qdrant does, and nothing that Qdrant does not. Whether these shapes
// are Qdrant's is checked against its published interface (published-interface.ts).
import { z } from 'zod';

export const Sparse = z.strictObject({
  indices: z.array(z.number().int().min(0).max(0xffffffff)),
  values: z.array(z.number()),
});

const Condition = z.union([
  z.strictObject({
    key: z.string(),
    match: z.union([
      z.strictObject({ value: z.union([z.string(), z.boolean()]) }),
      z.strictObject({ any: z.array(z.string()).min(1) }),
    ]),
  }),
  z.strictObject({ key: z.string(), range: z.strictObject({ lte: z.number().optional(), gt: z.number().optional() }) }),
]);
export type Condition = z.infer<typeof Condition>;

export const Filter = z.strictObject({ must: z.array(Condition) });

const Point = z.strictObject({
  id: z.uuid(),
  vector: z.strictObject({ words: Sparse, dense: z.array(z.number()).optional() }),
  payload: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
});
export type Point = z.infer<typeof Point>;

export const CreateIndex = z.strictObject({
  field_name: z.string(),
  field_schema: z.union([
    z.enum(['keyword', 'integer', 'bool']),
    z.strictObject({ type: z.literal('keyword'), is_tenant: z.literal(true) }),
  ]),
});

export const CreateCollection = z.strictObject({
  vectors: z.strictObject({ dense: z.strictObject({ size: z.number().int(), distance: z.literal('Cosine') }) }),
  sparse_vectors: z.strictObject({ words: z.strictObject({ modifier: z.literal('idf') }) }),
  strict_mode_config: z.strictObject({
    enabled: z.literal(true),
    unindexed_filtering_retrieve: z.literal(false),
    unindexed_filtering_update: z.literal(false),
  }),
  hnsw_config: z.strictObject({ m: z.literal(0), payload_m: z.number().int().positive() }).optional(),
});

const asked = {
  filter: Filter,
  limit: z.number().int().min(1).max(1000),
  with_payload: z.array(z.string()),
  with_vector: z.literal(false),
};
const Query = z.strictObject({
  query: z.union([z.array(z.number()), Sparse]),
  using: z.enum(['dense', 'words']),
  ...asked,
});
export type Query = z.infer<typeof Query>;
export const QueryBatch = z.strictObject({ searches: z.array(Query).min(1).max(32) });

export const Scroll = z.strictObject({ ...asked, offset: z.uuid().optional() });

export const Upsert = z.strictObject({ points: z.array(Point).min(1).max(256) });
export const Delete = z.union([
  z.strictObject({ points: z.array(z.uuid()).max(256) }),
  z.strictObject({ filter: Filter }),
]);

export const ChangeAliases = z.strictObject({
  actions: z.array(
    z.union([
      z.strictObject({ delete_alias: z.strictObject({ alias_name: z.string() }) }),
      z.strictObject({ create_alias: z.strictObject({ alias_name: z.string(), collection_name: z.string() }) }),
    ]),
  ),
});
