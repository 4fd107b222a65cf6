// Whether a document may be found, asked of the document itself. The index asks the same before ranking; this is the word
// that counts, because a search server may be behind.
import type { IndexFilter } from '../ports/search-index.ts';
import { isValidAt } from './document.ts';
import type { KnowledgeDocument } from './document.ts';

export function mayBeFound(document: KnowledgeDocument, timezone: string, filter: IndexFilter): boolean {
  const { kinds, channel, service, atMs } = filter;
  if (kinds.length > 0 && !kinds.includes(document.kind)) return false;
  if (atMs !== null && !isValidAt(document, timezone, atMs)) return false;
  return inScope(document.channels, channel) && inScope(document.services, service);
}

function inScope(scope: readonly string[] | undefined, asked: string | null): boolean {
  return asked === null || !scope || scope.length === 0 || scope.includes(asked);
}
