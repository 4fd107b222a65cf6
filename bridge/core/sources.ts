// A document as the source of an answer: enough to find it again, nothing of its text.
import type { KnowledgeDocument } from './knowledge/document.ts';
import type { Source } from './answer.ts';

export function toSource(document: KnowledgeDocument): Source {
  return { kind: document.kind, id: document.id, title: document.title };
}

export function uniqueSources(sources: readonly Source[]): Source[] {
  return [...new Map(sources.map((source) => [`${source.kind}:${source.id}`, source])).values()];
}
