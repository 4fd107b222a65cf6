// Everything one turn may use, bound to one tenant and one conversation. Tools receive the Turn, so that no tenant, no
// customer and no credential can ever come from a model's argument.
import type { PaidCall } from './cost/paid-call.ts';
import type { Attachment, ChannelKey, Contact, ConversationRef } from './message.ts';
import type { BusinessSystem } from './ports/business-system.ts';
import type { ChatModel } from './ports/chat-model.ts';
import type { Clock } from './ports/clock.ts';
import type { Exchange } from './ports/conversation-states.ts';
import type { Logger } from './ports/logger.ts';
import type { Knowledge } from './knowledge/knowledge.ts';
import type { Tenant } from './tenant.ts';
import type { Language } from './language.ts';

export interface TurnUsage {
  /** In the order they were made. */
  calls: PaidCall[];
  /** What searches found nothing about, by name; absent when every search found something. */
  unanswered?: string[];
}

export interface ToolRun {
  name: string;
  ok: boolean;
  ms: number;
  /** In a dry run: what a write would have done. */
  preview?: string;
}

export interface Turn {
  readonly id: string;
  readonly tenant: Tenant;
  readonly conversation: ConversationRef;
  readonly channel: ChannelKey;
  /** The channel passes our words on as they are (an API inbox), so that its own marks are ours to write. */
  readonly isRaw?: boolean;
  readonly contact: Contact | null;
  /** The whole burst as one text, in message order. */
  readonly question: string;
  /** The same with its files marked as such, for a model; absent = as in `question`. */
  readonly asWritten?: string;
  /** Files of the burst that nobody could turn into words. */
  readonly unreadFiles: number;
  readonly unreadKinds?: readonly Attachment['kind'][];
  readonly language: Language;
  /** What was said before, oldest first. */
  readonly window: readonly Exchange[];
  readonly isFirstReply: boolean;
  readonly personOffered: boolean;
  /** What was said at the end of this episode already; absent = nothing. */
  readonly closed?: { farewell: boolean; rating: boolean };
  readonly lastService: string | null;
  /** The instant rules are judged at. */
  readonly atMs: number;
  /** Nothing is sent and nothing is written; writes become previews. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly knowledge: Knowledge;
  readonly business: BusinessSystem | null;
  readonly model: ChatModel | null;
  readonly usage: TurnUsage;
  readonly toolRuns: ToolRun[];
}

export function freshUsage(): TurnUsage {
  return { calls: [] };
}
