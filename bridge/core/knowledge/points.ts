// Document → what the index holds of it: numbers and filter fields.
import type { IndexPoint } from '../ports/search-index.ts';
import type { Tenant } from '../tenant.ts';
import { validityRange } from './document.ts';
import type { AnalysedDocument } from './sparse.ts';
import type { StoredDocument } from './document.ts';

export function toPoint(
  tenant: Tenant,
  { document, source }: StoredDocument,
  { sparse }: Pick<AnalysedDocument, 'sparse'>,
  dense: Float32Array | null,
): IndexPoint {
  return {
    ref: { kind: document.kind, id: document.id },
    sparse,
    dense,
    ...validityRange(document, tenant.config.timezone),
    channels: document.channels ?? [],
    services: document.services ?? [],
    audience: document.audience ?? [],
    priority: document.priority ?? 0,
    active: document.active !== false,
    source,
  };
}
