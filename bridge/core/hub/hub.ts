// One turn, from the mailbox to the reply; read from top to bottom, it is the order in which things must happen. Every
// turn ends in exactly one of: a reply; a handoff with a text for the customer; a silence with a name.
import { toPerson } from '../crew/answer-ladder.ts';
import { phrases } from '../crew/phrases.ts';
import { conversationKey } from '../message.ts';
import type { ConversationState, StoredMail, TurnDecision, TurnJob } from '../ports.ts';
import { answerTurn } from './answer-turn.ts';
import { withLock } from '../with-lock.ts';
import { deliverAnswer, observeAnswer } from './deliver-answer.ts';
import { settleFormerReply } from './former-reply.ts';
import { modeOf, unlocksTest } from './inbox-mode.ts';
import { openTurn } from './open-turn.ts';
import { applyOwnershipMail } from './ownership-mail.ts';
import { burstOf, stateOf } from './pass.ts';
import type { Burst, HubDeps, Pass } from './pass.ts';
import { openForPeople, reasonToStayQuiet, stayQuiet } from './stay-quiet.ts';

/** How soon a conversation that somebody else holds is looked at again. */
const busyDelayMs = 300;
/** Mail of a tenant that is disabled now waits for it; the file may be mended in a minute. */
const disabledTenantDelayMs = 60_000;

const done: TurnDecision = { kind: 'done' };

export class Hub {
  readonly #deps: HubDeps;

  constructor(deps: HubDeps) {
    this.#deps = deps;
  }

  /** Rejects with a BridgeError; the worker decides by its code whether and when to come again. */
  async handle(job: TurnJob): Promise<TurnDecision> {
    return this.#locked(job, async (pass) => {
      const unfinished = await settleFormerReply(this.#deps, pass);
      if (unfinished) return unfinished;
      const state = await applyOwnershipMail(this.#deps, pass);
      const content = await this.#deps.mailbox.read(job.conversation);
      const burst = burstOf(await this.#withoutAnswered(pass, content.mail));
      if (!burst) return done;
      const quietMs = content.notBeforeMs - this.#deps.clock.now();
      if (quietMs > 0) return { kind: 'again', delayMs: quietMs, attempt: job.attempt };
      return this.#answer(pass, state, burst);
    });
  }

  /** The last attempt failed: a polite sentence for the customer and the conversation for a person. */
  async giveUp(job: TurnJob): Promise<TurnDecision> {
    return this.#locked(job, async (pass) => {
      const state = await stateOf(this.#deps, job.conversation);
      const burst = burstOf((await this.#deps.mailbox.read(job.conversation)).mail);
      if (!burst) return done;
      const turn = openTurn(this.#deps, pass, state, burst.messages, 'live');
      const person = toPerson(turn, 'turn_failed', `The customer asked: "${turn.question}"`);
      const answer = { ...person, text: `${phrases[turn.language].trouble} ${person.text}` };
      const route = { service: state.lastService ?? 'info', confidence: 0, reason: 'the turn failed' };
      return deliverAnswer(this.#deps, pass, { state, burst, turn, result: { answer, route, parts: [answer.text] } });
    });
  }

  /** Counts a failed try of the mail that waits, so that jobs made again do not start from zero. */
  async countFailure(job: TurnJob): Promise<number> {
    const state = await stateOf(this.#deps, job.conversation);
    await this.#deps.states.set(job.conversation, { ...state, failures: state.failures + 1 });
    return state.failures;
  }

  async #answer(pass: Pass, state: ConversationState, burst: Burst): Promise<TurnDecision> {
    const mode = modeOf(pass.tenant, burst.last.inboxId);
    if (mode === null) return stayQuiet(this.#deps, pass, state, burst, 'inbox_not_listed');
    if (burst.last.contact.blocked) return stayQuiet(this.#deps, pass, state, burst, 'contact_blocked');
    const unlocked = { ...state, testUnlocked: state.testUnlocked || unlocksTest(burst.messages) };
    if (mode === 'test' && !unlocked.testUnlocked)
      return openForPeople(this.#deps, pass, unlocked, burst, 'test_locked');
    const quiet = mode === 'observe' ? null : await reasonToStayQuiet(pass, unlocked, burst);
    if (quiet) return stayQuiet(this.#deps, pass, unlocked, burst, quiet);
    await this.#announce(pass);
    const turn = openTurn(this.#deps, pass, unlocked, burst.messages, mode);
    const result = await answerTurn(turn, this.#deps.crews);
    const delivery = { state: unlocked, burst, turn, result };
    return mode === 'observe' ? observeAnswer(this.#deps, pass, delivery) : deliverAnswer(this.#deps, pass, delivery);
  }

  async #locked(job: TurnJob, work: (pass: Pass) => Promise<TurnDecision>): Promise<TurnDecision> {
    const { locks, limits, tenants, clock, connect } = this.#deps;
    const startedMs = clock.now();
    const name = `conversation:${conversationKey(job.conversation)}`;
    const held = await withLock(locks, name, limits.lockTtlMs, async (lock, lost) => {
      const tenant = await tenants.find(job.conversation.accountId);
      const clients = tenant && (await connect(tenant));
      if (!tenant || !clients?.conversations) return this.#waitForTenant(job);
      const signal = AbortSignal.any([lost, AbortSignal.timeout(limits.turnBudgetMs)]);
      const { conversations } = clients;
      return work({ job, tenant, clients, conversations, conversation: job.conversation, lock, signal, startedMs });
    });
    return held?.result ?? { kind: 'again', delayMs: busyDelayMs, attempt: job.attempt };
  }

  /** Mail that a finished reply covered already, left by a crash right after it. */
  async #withoutAnswered(pass: Pass, mail: StoredMail[]): Promise<StoredMail[]> {
    const upTo = await this.#deps.ledger.answeredUpTo(pass.conversation);
    const old = mail.filter(({ entry }) => entry.kind === 'customer_message' && entry.messageId <= upTo);
    const keys = old.map(({ key }) => key);
    if (keys.length > 0) await this.#deps.mailbox.remove(pass.conversation, keys);
    return mail.filter((stored) => !old.includes(stored));
  }

  /** A model may take seconds: the sweeper need not make jobs for a conversation that is being answered. */
  async #announce(pass: Pass): Promise<void> {
    await this.#deps.mailbox.postpone(pass.conversation, this.#deps.clock.now() + 2 * this.#deps.limits.lockTtlMs);
  }

  async #waitForTenant(job: TurnJob): Promise<TurnDecision> {
    this.#deps.logger.warn({ ...job.conversation }, 'turn.tenant_not_ready');
    await this.#deps.mailbox.postpone(job.conversation, this.#deps.clock.now() + disabledTenantDelayMs);
    return done;
  }
}
