// What came from outside → documents that may be stored, and a reason with a path for each that may not. A wrong document
// is its sender's to mend and never stops the others.
import { BridgeError } from '../errors.ts';
import { KnowledgeDocument, refKey, restHashOf, textHashOf } from './document.ts';
import type { StoredDocument } from './document.ts';
import type { UpsertReport } from './knowledge.ts';

const mostDocuments = 500;

export type Rejection = UpsertReport['rejected'][number];

export function acceptDocuments(
  source: string,
  given: unknown[],
  nowMs: number,
): { accepted: StoredDocument[]; rejected: Rejection[] } {
  if (given.length > mostDocuments) {
    throw new BridgeError('too_large', `Send at most ${mostDocuments} documents at once; these are ${given.length}.`);
  }
  const accepted = new Map<string, { index: number; stored: StoredDocument }>();
  const rejected: Rejection[] = [];
  given.forEach((value, index) => {
    const parsed = KnowledgeDocument.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      rejected.push(
        rejection(index, value, issue?.path.map(String).join('.') ?? '', issue?.message ?? 'not a document'),
      );
      return;
    }
    const key = refKey(parsed.data);
    const earlier = accepted.get(key);
    if (earlier) rejected.push(rejection(earlier.index, parsed.data, 'id', 'the same kind and id comes again later'));
    accepted.set(key, { index, stored: toStored(source, parsed.data, nowMs) });
  });
  return { accepted: [...accepted.values()].map(({ stored }) => stored), rejected };
}

function toStored(source: string, document: KnowledgeDocument, nowMs: number): StoredDocument {
  return {
    version: 1,
    document: { ...document, source },
    source,
    etag: document.hash ?? '',
    textHash: textHashOf(document),
    restHash: restHashOf(document),
    embeddedWith: null,
    failure: null,
    storedAtMs: nowMs,
  };
}

function rejection(index: number, value: unknown, path: string, message: string): Rejection {
  const given: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  return { index, kind: textOrNull(given['kind']), id: textOrNull(given['id']), path, message };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
