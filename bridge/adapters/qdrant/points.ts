// Our points in Qdrant's form and back. Ids are derived, so that writing a document twice replaces it and two tenants with
// the same ids never meet.
import { createHash } from 'node:crypto';
import type { Schemas } from '@qdrant/js-client-rest';
import { z } from 'zod';
import { documentKinds } from '../../core/knowledge/document.ts';
import type { DocumentRef } from '../../core/knowledge/document.ts';
import type { IndexPoint } from '../../core/ports/search-index.ts';

export const denseVector = 'dense';
export const wordVector = 'words';
export const refFields = ['kind', 'document'] as const;

/** "For every channel", as a value, because an absent field is hard to filter by. */
export const everything = '*';
/** The ends of time as numbers: infinity is no JSON. In milliseconds since the epoch. */
const openEndMs = 8_640_000_000_000_000;

const RefPayload = z.object({ kind: z.enum(documentKinds), document: z.string() });

export function pointId(accountId: string, { kind, id }: DocumentRef): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([accountId, kind, id]))
    .digest('hex');
  const variant = ((parseInt(hash.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    variant + hash.slice(17, 20),
    hash.slice(20, 32),
  ].join('-');
}

export function toPoint(accountId: string, point: IndexPoint): Schemas['PointStruct'] {
  const { ref, sparse, dense, fromMs, toMs, channels, services, audience, priority, active, source } = point;
  return {
    id: pointId(accountId, ref),
    vector: {
      [wordVector]: { indices: sparse.indices, values: sparse.values },
      ...(dense ? { [denseVector]: [...dense] } : {}),
    },
    payload: {
      tenant: accountId,
      kind: ref.kind,
      document: ref.id,
      from_ms: Math.max(fromMs, -openEndMs),
      to_ms: Math.min(toMs, openEndMs),
      channels: scope(channels),
      services: scope(services),
      audience: scope(audience),
      priority,
      active,
      source,
    },
  };
}

export function toRef(payload: unknown): DocumentRef | null {
  const read = RefPayload.safeParse(payload);
  return read.success ? { kind: read.data.kind, id: read.data.document } : null;
}

function scope(values: string[]): string[] {
  return values.length === 0 ? [everything] : values;
}
