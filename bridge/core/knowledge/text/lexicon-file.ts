// The shape of a lexicon file. A wording list is one text, separated by commas, because that is how people write and
// review such lists; a concept given again in a domain's file adds to the common one.
import { z } from 'zod';
import type { Concept, LexiconData } from './lexicon.ts';

const Wordings = z
  .string()
  .max(20_000)
  .transform((text) => text.split(',').flatMap((wording) => wording.trim() || []));
const Ids = z.array(z.string().regex(/^[a-z][a-z0-9_]*$/)).max(20);

const ConceptEntry = z.strictObject({
  is: Ids.default([]),
  near: Ids.default([]),
  literal: z.boolean().default(false),
  pt: Wordings.optional(),
  en: Wordings.optional(),
  es: Wordings.optional(),
});

export const LexiconFile = z.strictObject({
  filler: z
    .string()
    .max(50_000)
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter(Boolean)),
  concepts: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), ConceptEntry).default({}),
});
export type LexiconFile = z.infer<typeof LexiconFile>;

/** Common first, the domain's after it. */
export function mergeLexicons(files: readonly LexiconFile[]): LexiconData {
  const merged = new Map<string, Concept>();
  for (const { concepts } of files) {
    for (const [id, { is, near, literal, ...wordings }] of Object.entries(concepts)) {
      merged.set(id, together({ id, is, near, literal, wordings: defined(wordings) }, merged.get(id)));
    }
  }
  return { concepts: [...merged.values()], filler: files.flatMap(({ filler }) => filler) };
}

/** Names of concepts that `is` and `near` speak of and that nobody describes. */
export function unknownConcepts({ concepts }: LexiconData): string[] {
  const known = new Set(concepts.map(({ id }) => id));
  return concepts.flatMap(({ id, is, near }) =>
    [...is, ...near].filter((other) => !known.has(other)).map((other) => `${id} → ${other}`),
  );
}

function together(one: Concept, before: Concept | undefined): Concept {
  if (!before) return one;
  const both = (name: 'pt' | 'en' | 'es') => [...(before.wordings[name] ?? []), ...(one.wordings[name] ?? [])];
  return {
    id: one.id,
    is: [...before.is, ...one.is],
    near: [...before.near, ...one.near],
    literal: before.literal && one.literal,
    wordings: { pt: both('pt'), en: both('en'), es: both('es') },
  };
}

function defined(wordings: { [Name in 'pt' | 'en' | 'es']?: string[] | undefined }): Concept['wordings'] {
  return Object.fromEntries(Object.entries(wordings).filter(([, list]) => list !== undefined));
}
