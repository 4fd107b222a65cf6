// A burst script: what happens in a conversation, line by line, and what the customer gets after each burst, word for word.
// Everything goes over HTTP through a simulated Chatwoot, the webhook route and the real hub; only the clock is ours.
import assert from 'node:assert/strict';
import { codeOf } from '../../../../bridge/core/errors.ts';
import type { IncomingFile } from '../../../sandbox/chatwoot/helpers/incoming-file.ts';
import type { MisbehaviourRule } from '../../../sandbox/chatwoot/deliveries/misbehaviour.ts';
import { account, ConversationWorld, inboxes, person } from '../world/conversation-world.ts';
import type { WorldOptions } from '../world/conversation-world.ts';

export type Step = (run: ScriptRun) => Promise<void>;

export interface BurstScript {
  name: string;
  world?: WorldOptions;
  steps: Step[];
}

/** One script as it runs: the world, the conversation it is about, and how many replies were accounted for. */
export class ScriptRun {
  readonly world: ConversationWorld;
  conversation = 1;
  customer = 'Marta Lima';
  inbox: number = inboxes.whatsapp;
  seen = 0;

  constructor(world: ConversationWorld) {
    this.world = world;
  }

  get ref() {
    return this.world.conversation(this.conversation);
  }

  get person() {
    return { ...this.ref, user: person };
  }

  async says(text: string | null, attachments: IncomingFile[] = []): Promise<number> {
    const { message, conversation } = await this.world.customer(text, {
      inbox: this.inbox,
      contact: this.customer,
      ...(attachments.length > 0 ? { attachments } : {}),
    });
    this.conversation = conversation;
    return message.id;
  }

  /** The replies of this burst: everything new since the last look. */
  async settled(): Promise<string[]> {
    await this.#settle();
    const all = this.world.chatwoot
      .messagesOf(this.ref)
      .filter(({ content_attributes: { ui_turn: turn }, private: isNote }) => turn !== undefined && !isNote)
      .map(({ content }) => content ?? '');
    const fresh = all.slice(this.seen);
    this.seen = all.length;
    return fresh;
  }

  async #settle(tries = 3): Promise<void> {
    try {
      await this.world.settle(this.conversation);
    } catch (error) {
      if (codeOf(error) !== 'upstream_unavailable' || tries === 0) throw error;
      await this.world.chatwoot.idle();
      this.world.clock.move(retryMs);
      await this.#settle(tries - 1);
    }
  }
}

/** A failed try comes again, as the worker has it. */
const retryMs = 20_000;

export function describeBursts(title: string, scripts: BurstScript[]): void {
  describe(title, () => {
    for (const { name, world: options, steps } of scripts) {
      it(name, async () => {
        const world = await ConversationWorld.open(options);
        try {
          const run = new ScriptRun(world);
          for (const step of steps) await step(run);
          assert.deepEqual(await run.settled(), [], 'something was said after the last burst');
          assert.deepEqual(world.chatwoot.violations, []);
        } finally {
          await world.close();
        }
      });
    }
  });
}

// ---- the customer -----------------------------------------------------------------------------------------------------

export function says(text: string): Step {
  return async (run) => {
    await run.says(text);
  };
}

/** Written through the website's chat, where a resolved conversation goes on under its old number. */
export function onTheWebsite(): Step {
  return async (run) => {
    run.inbox = inboxes.web;
  };
}

export function sends(text: string | null, ...attachments: IncomingFile[]): Step {
  return async (run) => {
    await run.says(text, attachments);
  };
}

export function anotherCustomer(name: string): Step {
  return async (run) => {
    run.customer = name;
    run.seen = 0;
  };
}

// ---- time -------------------------------------------------------------------------------------------------------------

export function pause(ms: number): Step {
  return async ({ world }) => world.clock.move(ms);
}

// ---- what the customer gets -------------------------------------------------------------------------------------------

/** The burst is over: exactly these replies, in this order. */
export function gets(...replies: (string | RegExp)[]): Step {
  return async (run) => {
    const fresh = await run.settled();
    assert.equal(fresh.length, replies.length, `replies: ${JSON.stringify(fresh)}`);
    for (const [index, wanted] of replies.entries()) {
      if (typeof wanted === 'string') assert.equal(fresh[index], wanted);
      else assert.match(fresh[index] ?? '', wanted);
    }
  };
}

export const getsNothing = gets();

/** How the last turn ended, in the log's closed words. */
export function ended(outcome: string): Step {
  return async ({ world }) => assert.equal(world.outcomes().at(-1), outcome);
}

export function conversationIs(status: string): Step {
  return async (run) => assert.equal(run.world.status(run.conversation), status);
}

/** So many private notes in all, the last one like this. */
export function peopleRead(count: number, last: RegExp): Step {
  return async (run) => {
    const notes = run.world.notes(run.conversation);
    assert.equal(notes.length, count, JSON.stringify(notes));
    assert.match(notes.at(-1) ?? '', last);
  };
}

// ---- trouble and people -----------------------------------------------------------------------------------------------

export function trouble(rule: MisbehaviourRule): Step {
  return async ({ world }) => world.chatwoot.misbehave(rule);
}

export function then(act: (run: ScriptRun) => unknown): Step {
  return async (run) => {
    await act(run);
    await run.world.chatwoot.idle();
  };
}

export function personWrites(text: string): Step {
  return then((run) => run.world.chatwoot.personReplies({ ...run.person, text }));
}

/** While the answer is thought of, this happens once. */
export function whileThinking(...steps: Step[]): Step {
  return async (run) => {
    const { knowledge } = run.world;
    knowledge.during = async () => {
      knowledge.during = async () => undefined;
      for (const step of steps) await step(run);
    };
  };
}

/** The first message of the reply is stored in Chatwoot and not yet answered: this happens, then the reply goes on. */
export function betweenParts(stored: number, ...steps: ((run: ScriptRun) => void)[]): Step {
  return async (run) => {
    const { world } = run;
    const hold = world.chatwoot.holdNext({ path: 'messages.create', when: 'after-store' });
    world.clock.move(25_000);
    const turn = world.hub().handle({ conversation: world.ref(run.conversation), attempt: 0 });
    await hold.reached;
    for (const step of steps) step(run);
    await world.stored(stored);
    hold.release();
    await turn;
    await world.chatwoot.idle();
  };
}

export function customerWritesNow(text: string): (run: ScriptRun) => void {
  return (run) => void run.world.chatwoot.customerWrites({ account, inbox: run.inbox, contact: run.customer, text });
}
