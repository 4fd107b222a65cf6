// Holds the world that runs now. Everything the test API does goes through here, so that a reset swaps all of it at once.
import type { EventEmitter } from 'node:events';
import { type SandboxConfig, sandboxConfig, type SandboxConfigInput } from '../config.ts';
import { mustFind } from '../helpers/customer-acts.ts';
import { describeSeed } from '../helpers/describe-seed.ts';
import { endWorld, makeWorld } from '../make-world.ts';
import type { Conversation, Message } from '../state/model.ts';
import { mustGet } from '../state/sandbox-state.ts';
import type { World } from '../world.ts';

export interface ConversationRef {
  account: number;
  /** Display id. */
  conversation: number;
}

export class WorldHolder {
  readonly bus: EventEmitter;
  private readonly baseUrl: () => string;
  private current: World;

  constructor(config: SandboxConfigInput, bus: EventEmitter, baseUrl: () => string) {
    this.bus = bus;
    this.baseUrl = baseUrl;
    this.current = makeWorld(sandboxConfig.parse(config), bus, baseUrl);
  }

  get world(): World {
    return this.current;
  }

  get config(): SandboxConfig {
    return this.current.config;
  }

  /** Forgets everything and starts again from this seed (or the same one). */
  reset(config?: SandboxConfigInput): void {
    const wanted = config === undefined ? this.current.config : sandboxConfig.parse(config);
    endWorld(this.current);
    this.current = makeWorld(wanted, this.bus, this.baseUrl);
    this.bus.emit('change');
  }

  /** Ids, tokens and secrets of what exists, for the bridge's credentials. */
  seed(): ReturnType<typeof describeSeed> {
    return describeSeed(this.current);
  }

  end(): void {
    endWorld(this.current);
  }

  protected find(ref: ConversationRef): Conversation {
    return mustFind(this.current, ref.account, ref.conversation);
  }

  protected findMessage(ref: { message: number }): Message {
    return mustGet(this.current.state.messages, ref.message, 'message');
  }
}
