// The first rung: an answer the model gave before, given again without it. Never by the look of the question alone: the
// searches it was given from are made again at this very instant and must find the same versions of the same documents, so
// a rule that was edited, added, or became valid by date ends it at once, on every instance.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Answer } from '../../answer.ts';
import { cacheKey } from '../../cache/keys.ts';
import type { TwoLevelCache } from '../../cache/two-level-cache.ts';
import { documentKinds, refKey } from '../../knowledge/document.ts';
import { fingerprintOf } from '../../knowledge/evidence.ts';
import type { EvidenceSearch } from '../../knowledge/evidence.ts';
import type { ChannelKey } from '../../message.ts';
import { searchForTurn } from '../../tools/search-for-turn.ts';
import type { Turn } from '../../turn.ts';
import { mayBeKept, standsAlone } from './may-be-kept.ts';
import { asksTheSame, shapeOfQuestion } from './question-shape.ts';
import type { QuestionShape } from './question-shape.ts';

const Kept = z.object({
  shape: z.object({ words: z.array(z.string()), exact: z.array(z.string()), turns: z.array(z.string()) }),
  text: z.string(),
  offersPerson: z.boolean(),
  sources: z.array(z.object({ kind: z.string(), id: z.string(), title: z.string() })),
  searches: z.array(z.object({ text: z.string(), kinds: z.array(z.enum(documentKinds)), fingerprint: z.string() })),
});
type Kept = z.infer<typeof Kept>;
const Shelf = z.array(Kept);

const keptPerShelf = 12;
const lifetime = { tier: 'session', seconds: 24 * 60 * 60 } as const;

/** Answers are written for a length and a mark-up; channels that share both share answers. */
const channelClasses: Record<ChannelKey, string> = {
  whatsapp: 'chat',
  instagram: 'chat',
  facebook: 'chat',
  telegram: 'chat',
  web: 'chat',
  default: 'chat',
  sms: 'sms',
  email: 'email',
  marketplace: 'marketplace',
};

export class AnswerCache {
  readonly #cache: TwoLevelCache;

  constructor(cache: TwoLevelCache) {
    this.#cache = cache;
  }

  /** An earlier answer that holds for this question now, or null. Rejects with what the search rejects with. */
  async recall(turn: Turn, service: string): Promise<Answer | null> {
    const shape = shapeOfQuestion(turn.question, turn.language);
    if (!standsAlone(turn.question, shape)) return null;
    return (await this.#sameShape(turn, service, shape)) ?? (await this.#sameSource(turn, service, shape));
  }

  /** Another wording of nothing but politeness: not even the question itself has to be searched for. */
  async #sameShape(turn: Turn, service: string, shape: QuestionShape): Promise<Answer | null> {
    const kept = await this.#firstThatHolds(turn, keyFor(turn, service, shapeName(shape)), () => true);
    if (!kept) return null;
    // That nothing was found is said again only to words which find nothing either: a slip may have been all there was.
    if (kept.sources.length === 0 && (await searchForTurn(turn, turn.question)).hits.length > 0) return null;
    return toAnswer(kept);
  }

  /** Other words: the question must find the same best document, and ask the same of it. */
  async #sameSource(turn: Turn, service: string, shape: QuestionShape): Promise<Answer | null> {
    const { hits } = await searchForTurn(turn, turn.question);
    const [best] = hits;
    if (!best) return null;
    const key = keyFor(turn, service, refKey(best.document));
    const kept = await this.#firstThatHolds(turn, key, (one) => asksTheSame(one.shape, shape));
    return kept && toAnswer(kept);
  }

  /** What this process remembers of a shelf may be older than what another instance put there since. */
  async #firstThatHolds(turn: Turn, key: string, fits: (kept: Kept) => boolean): Promise<Kept | null> {
    const tried = new Set<string>();
    for (const reading of ['near', 'shared'] as const) {
      for (const kept of (await this.#shelf(key, reading)).filter(fits)) {
        const name = JSON.stringify(kept.searches);
        if (!tried.has(name) && (await stillHolds(turn, kept))) return kept;
        tried.add(name);
      }
    }
    return null;
  }

  /** Keeps what may be kept; nothing else happens to the rest. */
  async keep(turn: Turn, service: string, answer: Answer): Promise<void> {
    const shape = shapeOfQuestion(turn.question, turn.language);
    if (!answer.searches || !mayBeKept(turn, answer) || !standsAlone(turn.question, shape)) return;
    const { hits } = await searchForTurn(turn, turn.question);
    const kept: Kept = {
      shape,
      text: answer.text,
      offersPerson: answer.offersPerson,
      sources: answer.sources,
      searches: distinct([{ text: turn.question, kinds: [], fingerprint: fingerprintOf(hits) }, ...answer.searches]),
    };
    await this.#cache.set(keyFor(turn, service, shapeName(shape)), [kept], lifetime);
    const [best] = hits;
    if (best) await this.#addTo(keyFor(turn, service, refKey(best.document)), kept);
  }

  async #addTo(key: string, kept: Kept): Promise<void> {
    const others = (await this.#shelf(key, 'shared')).filter((one) => !isSameShape(one.shape, kept.shape));
    await this.#cache.set(key, [kept, ...others].slice(0, keptPerShelf), lifetime);
  }

  async #shelf(key: string, from: 'near' | 'shared'): Promise<Kept[]> {
    const reading = await (from === 'near' ? this.#cache.get(key) : this.#cache.getShared(key));
    const parsed = reading.hit ? Shelf.safeParse(reading.value) : null;
    return parsed?.success ? parsed.data : [];
  }
}

/** `about` = what the questions of a shelf share: their shape, or the document that answers them best. */
function keyFor({ tenant, language, channel }: Turn, service: string, about: string): string {
  return cacheKey({
    accountId: tenant.accountId,
    module: 'answers',
    resourceType: about,
    resourceId: `${service}.${language}.${channelClasses[channel]}`,
    action: tenant.fingerprint.slice(0, 16),
  });
}

async function stillHolds(turn: Turn, kept: Kept): Promise<boolean> {
  for (const { text, kinds, fingerprint } of kept.searches) {
    const { hits } = await searchForTurn(turn, text, kinds);
    if (fingerprintOf(hits) !== fingerprint) return false;
  }
  return true;
}

function toAnswer({ text, sources, offersPerson }: Kept): Answer {
  return { text, rung: 'cached', sources, handoff: null, offersPerson };
}

function distinct(searches: EvidenceSearch[]): EvidenceSearch[] {
  return [...new Map(searches.map((made) => [`${made.kinds.join()}\n${made.text}`, made])).values()];
}

function shapeName(shape: QuestionShape): string {
  return `shape:${createHash('sha256').update(JSON.stringify(shape)).digest('base64url').slice(0, 32)}`;
}

function isSameShape(a: QuestionShape, b: QuestionShape): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
