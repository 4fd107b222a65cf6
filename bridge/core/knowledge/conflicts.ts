// Finds rules that contradict each other: two documents about one subject whose sentences speak of the same thing and
// name another number, date or time, or say yes and no. Rather silent than wrong: what is reported here, a person will be
// asked to settle. A rule with a higher priority is meant to win, so it contradicts nothing.
import type { Tenant } from '../tenant.ts';
import { affirmation, claimsOf, telling } from './claims.ts';
import type { Claim } from './claims.ts';
import { validityRange } from './document.ts';
import type { DocumentKind, KnowledgeDocument, StoredDocument } from './document.ts';
import type { KnowledgeStatus } from './knowledge.ts';
import { textLanguage } from './text/language.ts';

type Conflict = KnowledgeStatus['conflicts'][number];

const ruling: readonly DocumentKind[] = ['rule', 'policy', 'faq', 'scheduling', 'document'];
const alike = 0.4;
const quiteAlike = 0.6;
const nearlySame = 0.8;
const leastShared = 2;
const mostForAllPairs = 400;

interface Candidate {
  document: KnowledgeDocument;
  /** What the title is about, as one comparable text. */
  subject: string;
  claims: Claim[];
  fromMs: number;
  toMs: number;
}

export function findConflicts(documents: readonly StoredDocument[], tenant: Tenant, nowMs: number): Conflict[] {
  const candidates = documents
    .filter(({ document }) => ruling.includes(document.kind) && document.active !== false)
    .map(({ document }) => toCandidate(document, tenant))
    .filter(({ toMs, claims }) => toMs > nowMs && claims.length > 0);
  return pairsOf(candidates).flatMap(([one, other]) => conflictOf(one, other) ?? []);
}

/** All pairs, or only those with one title's subject when all would be too many. */
function pairsOf(candidates: Candidate[]): [Candidate, Candidate][] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const group = candidates.length > mostForAllPairs ? candidate.subject : '';
    groups.set(group, [...(groups.get(group) ?? []), candidate]);
  }
  return [...groups.values()].flatMap((group) =>
    group.flatMap((one, at) => group.slice(at + 1).map((other): [Candidate, Candidate] => [one, other])),
  );
}

function toCandidate(document: KnowledgeDocument, tenant: Tenant): Candidate {
  const language = textLanguage(document.lang ?? tenant.config.language);
  const subject = [...telling(document.title, language)].sort().join(' ');
  return {
    document,
    subject,
    claims: claimsOf(document, language),
    ...validityRange(document, tenant.config.timezone),
  };
}

function conflictOf(one: Candidate, other: Candidate): Conflict | null {
  if (!meet(one, other)) return null;
  const isSameSubject = one.subject !== '' && one.subject === other.subject;
  for (const claim of one.claims) {
    const against = other.claims.find((rival) => disagree(claim, rival, shareFor(claim, isSameSubject)));
    if (!against || names(other, claim) || names(one, against)) continue;
    return {
      ids: [one.document.id, other.document.id],
      about: one.document.title,
      values: [claim.text, against.text],
    };
  }
  return null;
}

/** Valid at some common time, for some common channel and service, and neither meant to win over the other. */
function meet(one: Candidate, other: Candidate): boolean {
  if (one.fromMs >= other.toMs || other.fromMs >= one.toMs) return false;
  if ((one.document.priority ?? 0) !== (other.document.priority ?? 0)) return false;
  return (['channels', 'services', 'audience'] as const).every((scope) => {
    const [here = [], there = []] = [one.document[scope], other.document[scope]];
    return here.length === 0 || there.length === 0 || here.some((value) => there.includes(value));
  });
}

/** Numbers in one subject are compared soon; a yes or a time needs a sentence about nearly the same. */
function shareFor({ unit }: Claim, isSameSubject: boolean): number {
  if (!isSameSubject) return nearlySame;
  return unit === affirmation || unit === 'time' || unit === 'date' ? quiteAlike : alike;
}

function disagree(one: Claim, other: Claim, share: number): boolean {
  if (one.unit !== other.unit || isSameValue(one, other)) return false;
  const shared = [...one.about].filter((stem) => other.about.has(stem)).length;
  const all = one.about.size + other.about.size - shared;
  return shared >= leastShared && shared / all >= share;
}

/** A date without a year is that day in any year. */
function isSameValue({ unit, value }: Claim, other: Claim): boolean {
  if (value === other.value) return true;
  return unit === 'date' && (value.startsWith(`${other.value}/`) || other.value.startsWith(`${value}/`));
}

function names({ claims }: Candidate, { unit, value }: Claim): boolean {
  return claims.some((claim) => claim.unit === unit && claim.value === value);
}
