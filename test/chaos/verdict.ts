// What a run under trouble is judged by, read from the simulated Chatwoot alone: what customers wrote and what they got.
import type { Installation } from '../component/installation.ts';

export const questions = [
  'Qual o prazo para trocar um produto?',
  'Qual o horário de funcionamento da loja?',
  'A partir de quanto o frete é grátis?',
  'Quais são as formas de pagamento?',
];

/** Small, repeatable pseudo-random numbers (mulberry32). */
export function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What each question gets when it is asked alone. */
export async function usualAnswers(installation: Installation): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (const message of questions) {
    const params = { account_id: 'sandra_cosmeticos', message, channel: 'whatsapp' };
    answers.set(message, ((await installation.call('crew.ask', params)) as { reply: string }).reply);
  }
  return answers;
}

export interface Verdict {
  conversations: number;
  replies: number;
  /** Conversations whose last word is the customer's. */
  unanswered: number;
  /** Parts stored twice, more replies than messages, or one answer more often than its question was asked. */
  twice: number;
  /** Replies to one question that come before the reply to an earlier one, or parts of one reply in another order. */
  outOfOrder: number;
  /** Of the same kind, but the balancer brought the earlier message only when the later one's reply was on its way. */
  broughtLate: number;
  /** Conversations that ended with people, though nobody asked for them. */
  withPeople: number;
  /** What went wrong where, to look at. */
  wrong: string[];
}

interface Seen {
  id: number;
  isReply: boolean;
  content: string;
  turn: string;
  part: number;
}

export function judge(
  installation: Installation,
  asked: readonly { account: number; conversation: number }[],
  answers: ReadonlyMap<string, string>,
): Verdict {
  const references = [...new Map(asked.map((reference) => [reference.conversation, reference])).values()];
  const verdict: Verdict = {
    conversations: references.length,
    replies: 0,
    unanswered: 0,
    twice: 0,
    outOfOrder: 0,
    broughtLate: 0,
    withPeople: 0,
    wrong: [],
  };
  const times = timesIn(installation);
  for (const reference of references) {
    const seen = installation.api
      .messagesOf(reference)
      .filter((message) => !message.private && message.message_type <= 1)
      .map(({ id, message_type: type, content, content_attributes: tag }): Seen => {
        return {
          id,
          isReply: type === 1,
          content: content ?? '',
          turn: String(tag['ui_turn']),
          part: Number(tag['ui_part']),
        };
      });
    verdict.replies += seen.filter(({ isReply }) => isReply).length;
    const found = {
      unanswered: seen.at(-1)?.isReply === true ? 0 : 1,
      twice: repeated(seen, answers),
      ...misplaced(seen, answers, times),
    };
    verdict.unanswered += found.unanswered;
    verdict.twice += found.twice;
    verdict.outOfOrder += found.outOfOrder;
    verdict.broughtLate += found.broughtLate;
    if (found.unanswered + found.twice + found.outOfOrder + found.broughtLate > 0) {
      verdict.wrong.push(`${reference.conversation} ${JSON.stringify(found)}: ${shown(seen, answers)}`);
    }
    if (installation.api.conversation(reference).status !== 'pending') verdict.withPeople += 1;
  }
  return verdict;
}

/** Questions as letters, replies as what they answer and the turn that gave them. */
function shown(seen: readonly Seen[], answers: ReadonlyMap<string, string>): string {
  const letters = [...answers.keys()];
  const lines = seen.map(({ isReply, content, turn, part }) => {
    if (!isReply) return String.fromCharCode(97 + letters.indexOf(content));
    const answered = answeredIn(content, answers).map((question) =>
      String.fromCharCode(65 + letters.indexOf(question)),
    );
    return `${answered.length === 0 ? '*' : answered.join('')}(${turn.slice(0, 4)}/${part})`;
  });
  return lines.join(' ');
}

/** The questions a reply answers, in its order: several of one burst have their answers one under the other. */
function answeredIn(content: string, answers: ReadonlyMap<string, string>): string[] {
  const within = `\n\n${content}\n\n`;
  return [...answers]
    .map(([question, answer]) => ({ question, at: within.indexOf(`\n\n${answer}\n\n`) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at)
    .map(({ question }) => question);
}

function repeated(seen: readonly Seen[], answers: ReadonlyMap<string, string>): number {
  const replies = seen.filter(({ isReply }) => isReply);
  const customers = seen.filter(({ isReply }) => !isReply);
  const turns = new Set(replies.map(({ turn }) => turn));
  const parts = new Set(replies.map(({ turn, part }) => `${turn}/${part}`));
  let count = replies.length - parts.size + Math.max(0, turns.size - customers.length);
  for (const question of answers.keys()) {
    const given = replies.filter(({ content }) => answeredIn(content, answers).includes(question)).length;
    count += Math.max(0, given - customers.filter(({ content }) => content === question).length);
  }
  return count;
}

interface Times {
  /** When a bridge said that it has this message, on whichever surface first; absent = never. */
  taken: ReadonlyMap<number, number>;
  /** When the POST of this turn's part began, the first time. */
  posted: ReadonlyMap<string, number>;
}

function timesIn({ api }: Installation): Times {
  const taken = new Map<number, number>();
  for (const surface of ['agent_bot', 'account_webhook'] as const) {
    for (const { messageId, attempts } of api.deliveriesTo(surface, { event: 'message_created' })) {
      const taking = attempts.find(({ status }) => status === 200);
      if (messageId === null || !taking) continue;
      const atMs = Date.parse(taking.at) + taking.ms;
      taken.set(messageId, Math.min(atMs, taken.get(messageId) ?? atMs));
    }
  }
  const posted = new Map<string, number>();
  for (const { at, endpoint, body } of api.requests) {
    if (endpoint !== 'messages.create') continue;
    const { ui_turn: turn, ui_part: part } =
      (body as { content_attributes?: { ui_turn?: string; ui_part?: number } }).content_attributes ?? {};
    const key = `${String(turn)}/${String(part)}`;
    if (!posted.has(key)) posted.set(key, Date.parse(at));
  }
  return { taken, posted };
}

/** From a turn's last look into the mailbox to its POST, on a machine that is busy with everything else. */
const decidingMs = 1_000;

/**
 * Every question that a reply answers must stand between what was answered before and that reply. Nobody can
 * answer in its place what was not brought in time: a balancer whose bridge died under it brings it a moment later.
 */
function misplaced(
  seen: readonly Seen[],
  answers: ReadonlyMap<string, string>,
  { taken, posted }: Times,
): { outOfOrder: number; broughtLate: number } {
  const count = { outOfOrder: 0, broughtLate: 0 };
  let answeredUpTo = -1;
  let lastReplyMs = 0;
  const lastPart = new Map<string, number>();
  for (const [index, { isReply, content, turn, part }] of seen.entries()) {
    if (!isReply) continue;
    if (part <= (lastPart.get(turn) ?? 0)) count.outOfOrder += 1;
    lastPart.set(turn, part);
    for (const question of answeredIn(content, answers)) {
      const isIt = (message: Seen) => !message.isReply && message.content === question;
      const found = seen.findIndex((message, at) => at > answeredUpTo && at < index && isIt(message));
      if (found >= 0) answeredUpTo = found;
      else {
        const isLate = (message: Seen) => isIt(message) && (taken.get(message.id) ?? 0) > lastReplyMs - decidingMs;
        count[seen.slice(0, index).some(isLate) ? 'broughtLate' : 'outOfOrder'] += 1;
      }
    }
    lastReplyMs = posted.get(`${turn}/${part}`) ?? lastReplyMs;
  }
  return count;
}
