// The exact versions of what a search found: the same fingerprint means the same documents, word for word, in the same
// order. An answer that was given from them may be given again only while a fresh search has this very fingerprint.
import { createHash } from 'node:crypto';
import { refKey, restHashOf, textHashOf } from './document.ts';
import type { DocumentKind } from './document.ts';
import type { SearchHit } from './knowledge.ts';

/** A search that can be made again, and what it found when an answer was given from it. */
export interface EvidenceSearch {
  text: string;
  kinds: DocumentKind[];
  fingerprint: string;
}

export function fingerprintOf(hits: readonly Pick<SearchHit, 'document'>[]): string {
  const hash = createHash('sha256');
  for (const { document } of hits) {
    hash.update(`${refKey(document)}\n${textHashOf(document)}\n${restHashOf(document)}\n`);
  }
  return hash.digest('base64url').slice(0, 32);
}
