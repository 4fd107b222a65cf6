// Short-term state of conversations on the journal. After 90 quiet days what was said goes; who owns the conversation and
// its status stay.
import { conversationKey, type ConversationRef } from '../../core/message.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ConversationState, ConversationStates } from '../../core/ports/conversation-states.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

const windowIsKeptMs = 90 * 24 * 3_600_000;

export class EmbeddedConversationStates implements ConversationStates {
  readonly #tables: Tables;
  readonly #states: Table<ConversationState>;
  readonly #clock: Clock;

  constructor(tables: Tables, clock: Clock) {
    this.#tables = tables;
    this.#states = tables.table<ConversationState>('conversation_state');
    this.#clock = clock;
  }

  async get(conversation: ConversationRef): Promise<ConversationState | null> {
    const state = this.#states.get(conversationKey(conversation));
    if (state === undefined) return null;
    return this.#isQuiet(state) ? wordless(state) : state;
  }

  async set(conversation: ConversationRef, state: ConversationState): Promise<void> {
    await this.#tables.commit([this.#states.put(conversationKey(conversation), state)]);
  }

  /** Forgets the words of long quiet conversations; called once after the start. True when there were some. */
  async trim(): Promise<boolean> {
    const quiet = [...this.#states.entries()].filter(([, state]) => hasWords(state) && this.#isQuiet(state));
    await this.#tables.commit(quiet.map(([key, state]) => this.#states.put(key, wordless(state))));
    return quiet.length > 0;
  }

  #isQuiet(state: ConversationState): boolean {
    return state.updatedAtMs < this.#clock.now() - windowIsKeptMs;
  }
}

function hasWords({ window, unanswered = [] }: ConversationState): boolean {
  return window.length > 0 || unanswered.length > 0;
}

function wordless(state: ConversationState): ConversationState {
  const rest: ConversationState = { ...state, window: [] };
  delete rest.unanswered;
  return rest;
}
