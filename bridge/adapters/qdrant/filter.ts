// Our filter in Qdrant's form. Every field named here has a payload index (collections.ts); the tenant is always first.
import type { Schemas } from '@qdrant/js-client-rest';
import type { IndexFilter } from '../../core/ports/search-index.ts';
import { everything } from './points.ts';

type Condition = Schemas['FieldCondition'];

export function ofTenant(accountId: string): { must: Condition[] } {
  return { must: [{ key: 'tenant', match: { value: accountId } }] };
}

export function toFilter(accountId: string, { kinds, atMs, channel, service }: IndexFilter): { must: Condition[] } {
  const conditions: Condition[] = [...ofTenant(accountId).must];
  if (kinds.length > 0) conditions.push({ key: 'kind', match: { any: [...kinds] } });
  if (atMs !== null) {
    conditions.push(
      { key: 'active', match: { value: true } },
      { key: 'from_ms', range: { lte: atMs } },
      { key: 'to_ms', range: { gt: atMs } },
    );
  }
  if (channel !== null) conditions.push({ key: 'channels', match: { any: [everything, channel] } });
  if (service !== null) conditions.push({ key: 'services', match: { any: [everything, service] } });
  return { must: conditions };
}
