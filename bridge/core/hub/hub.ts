// One turn, from the mailbox to the reply; read from top to bottom, it is the order in which things must happen. Every
// turn ends in exactly one of: a reply; a handoff with a text for the customer; a silence with a name.
import { conversationLock } from '../conversation-lock.ts';
import { countCalls } from '../cost/count-calls.ts';
import { toPerson } from '../crew/answer-ladder.ts';
import { phrases } from '../crew/phrases.ts';
import type { ConversationState } from '../ports/conversation-states.ts';
import type { StoredMail } from '../ports/mailbox.ts';
import type { TurnDecision, TurnJob } from '../ports/turn-queue.ts';
import type { InboxMode } from '../tenant.ts';
import { withLock } from '../with-lock.ts';
import { openPlace, type Place } from './admission.ts';
import { whileAnswering } from './announce.ts';
import { answerTurn } from './answer-turn.ts';
import { isSaidAlready } from './closing.ts';
import { questionOf } from './context.ts';
import { deliverAnswer, observeAnswer } from './deliver-answer.ts';
import { isAnsweredBy, settleFormerReply } from './former-reply.ts';
import { doDueReminders } from './due-reminders.ts';
import { isBroughtBack, takeBack } from './hand-back.ts';
import { modeOf, unlocksTest } from './inbox-mode.ts';
import { withFilesRead } from './media.ts';
import { openTurn } from './open-turn.ts';
import { applyOwnershipMail } from './ownership-mail.ts';
import { burstOf, stateOf } from './pass.ts';
import type { Burst, HubDeps, Pass } from './pass.ts';
import { applyRefusedReplies } from './refused-reply.ts';
import { mayReassure, reassure } from './reassure.ts';
import { reopen } from './reopen-window.ts';
import { routeReasons } from './route.ts';
import { whileTyping } from './show-typing.ts';
import { openForPeople, reasonToStayQuiet, stayQuiet } from './stay-quiet.ts';
import { phaseOf } from './takeover.ts';
import type { SilenceReason } from './takeover.ts';

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
  async handle(job: TurnJob, place: Place = openPlace): Promise<TurnDecision> {
    return this.#locked(job, async (pass) => {
      // Takeovers first: even what is left of a former reply must not talk over a person.
      await applyOwnershipMail(this.#deps, pass);
      const unfinished = await settleFormerReply(this.#deps, pass);
      if (unfinished) return unfinished;
      const refusal = await applyRefusedReplies(this.#deps, pass);
      if (refusal) return refusal;
      const content = await this.#deps.mailbox.read(job.conversation);
      const written = burstOf(await this.#withoutAnswered(pass, content.mail));
      if (!written) {
        await doDueReminders(this.#deps, pass);
        return done;
      }
      const { burst, notBeforeMs } = await withFilesRead(this.#deps, pass, written, content.notBeforeMs);
      if (!burst) return done;
      const quietMs = notBeforeMs - this.#deps.clock.now();
      if (quietMs > 0) return { kind: 'again', delayMs: quietMs, attempt: job.attempt };
      return this.#answer(pass, burst, place);
    });
  }

  /** The last attempt failed: a polite sentence for the customer and the conversation for a person. */
  async giveUp(job: TurnJob): Promise<TurnDecision> {
    return this.#locked(job, async (pass) => {
      const { mail } = await this.#deps.mailbox.read(job.conversation);
      const burst = burstOf(await this.#withoutAnswered(pass, mail));
      if (!burst) return done;
      const ready = await this.#mayAnswer(pass, burst);
      if ('decision' in ready) return ready.decision;
      const { state, mode } = ready;
      if (ready.isWaiting) return reassure(this.#deps, pass, state, burst);
      const turn = openTurn(this.#deps, pass, state, burst.messages, mode);
      const person = toPerson(turn, 'turn_failed', `O cliente perguntou: "${turn.question}"`);
      const answer = { ...person, text: `${phrases[turn.language].trouble} ${person.text}` };
      const route = { service: state.lastService ?? 'info', confidence: 0, reason: routeReasons.turnFailed };
      const delivery = { state, burst, turn, result: { answer, route, parts: [answer.text] } };
      return delivererIn(mode)(this.#deps, pass, delivery);
    });
  }

  /** Counts a failed try of the mail that waits, so that jobs made again do not start from zero. Returns those before. */
  async countFailure(job: TurnJob): Promise<number> {
    const counted = await withLock(this.#deps.locks, lockName(job), this.#deps.limits.lockTtlMs, async () => {
      const state = await stateOf(this.#deps, job.conversation);
      await this.#deps.states.set(job.conversation, { ...state, failures: state.failures + 1 });
      return state.failures;
    });
    return counted?.result ?? job.attempt;
  }

  async #answer(pass: Pass, burst: Burst, place: Place): Promise<TurnDecision> {
    const ready = await this.#mayAnswer(pass, burst);
    if ('decision' in ready) return ready.decision;
    const { state, mode } = ready;
    if (ready.isWaiting) return reassure(this.#deps, pass, state, burst);
    if (!place.take()) return done;
    const work = async () => {
      const turn = openTurn(this.#deps, pass, state, burst.messages, mode);
      try {
        const result = await answerTurn(turn, this.#deps);
        return await delivererIn(mode)(this.#deps, pass, { state, burst, turn, result });
      } finally {
        // Paid for, whatever became of the draft.
        await countCalls(this.#deps, pass.tenant, turn.usage.calls);
      }
    };
    return whileAnswering(this.#deps, pass, burst, () => whileTyping(pass, burst, mode === 'observe', work));
  }

  /** Every reason to say nothing that is known before an answer is thought of. */
  async #mayAnswer(
    pass: Pass,
    burst: Burst,
  ): Promise<{ decision: TurnDecision } | { state: ConversationState; mode: InboxMode; isWaiting?: true }> {
    const before = await stateOf(this.#deps, pass.conversation);
    const mode = modeOf(pass.tenant, burst.last.inboxId);
    const quiet = async (state: ConversationState, reason: SilenceReason) => ({
      decision: await stayQuiet(this.#deps, pass, state, burst, { reason, live: null }),
    });
    if (mode === null) return quiet(before, 'inbox_not_listed');
    if (burst.last.contact.blocked) return quiet(before, 'contact_blocked');
    if (mode === 'observe') return { state: before, mode };
    const state = mode === 'test' ? unlocked(before, burst) : before;
    if (mode === 'test' && !state.testUnlocked) {
      return quiet(await openForPeople(this.#deps, pass, state), 'test_locked');
    }
    const silence = await reasonToStayQuiet(this.#deps, pass, state, burst);
    if (silence?.reason === 'person_requested' && mayReassure(this.#deps, state)) {
      return { state, mode, isWaiting: true };
    }
    if (silence?.reason === 'window_closed' && (await reopen(this.#deps, pass, { state, burst }, silence.live))) {
      return { decision: done };
    }
    if (silence) return { decision: await stayQuiet(this.#deps, pass, state, burst, silence) };
    if (isSaidAlready(state, questionOf(burst.messages))) return quiet(state, 'already_closed');
    return this.#afterPeople(pass, state, mode);
  }

  /** The look showed that people gave it back, though no news of it came: what they left open is answered with the rest. */
  async #afterPeople(pass: Pass, before: ConversationState, mode: InboxMode) {
    if (phaseOf(before) === 'assistant' && (before.unanswered ?? []).length === 0) return { state: before, mode };
    const { state, broughtBack } = await takeBack(this.#deps, pass, before, before);
    await this.#deps.states.set(pass.conversation, state);
    const again: TurnDecision = { kind: 'again', delayMs: 0, attempt: pass.job.attempt };
    return broughtBack > 0 ? { decision: again } : { state, mode };
  }

  async #locked(job: TurnJob, work: (pass: Pass) => Promise<TurnDecision>): Promise<TurnDecision> {
    const { locks, limits, tenants, clock, connect } = this.#deps;
    const startedMs = clock.now();
    const held = await withLock(locks, lockName(job), limits.lockTtlMs, async (lock, lost) => {
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
    const last = await this.#deps.ledger.current(pass.conversation);
    const upTo = await this.#deps.ledger.answeredUpTo(pass.conversation);
    const isOld = (stored: StoredMail) =>
      last?.memo
        ? last.state !== 'intended' && isAnsweredBy(last, stored)
        : stored.entry.kind === 'customer_message' && stored.entry.messageId <= upTo && !isBroughtBack(stored.key);
    const keys = mail.filter(isOld).map(({ key }) => key);
    if (keys.length > 0) await this.#deps.mailbox.remove(pass.conversation, keys);
    return mail.filter((stored) => !keys.includes(stored.key));
  }

  async #waitForTenant(job: TurnJob): Promise<TurnDecision> {
    this.#deps.logger.warn({ ...job.conversation }, 'turn.tenant_not_ready');
    const laterMs = this.#deps.clock.now() + disabledTenantDelayMs;
    await this.#deps.mailbox.postpone(job.conversation, laterMs);
    for (const reminder of await this.#deps.reminders.of(job.conversation)) {
      if (reminder.atMs < laterMs) await this.#deps.reminders.set({ ...reminder, atMs: laterMs });
    }
    return done;
  }
}

function unlocked(state: ConversationState, burst: Burst): ConversationState {
  return { ...state, testUnlocked: state.testUnlocked || unlocksTest(burst.messages) };
}

/** Where the team watches, an answer goes to them. */
function delivererIn(mode: InboxMode): typeof deliverAnswer {
  return mode === 'observe' ? observeAnswer : deliverAnswer;
}

function lockName({ conversation }: TurnJob): string {
  return conversationLock(conversation);
}
