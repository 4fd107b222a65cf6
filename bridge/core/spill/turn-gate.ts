// Keeps regular turns back after an outage: until everybody has noticed its end and handed in, and, for a while longer,
// where the other side shows a reply that the ledger does not know.
import type { ConnectTenant } from '../hub/tenant-clients.ts';
import type { ConversationRef } from '../message.ts';
import type { Logger } from '../ports/logger.ts';
import type { SpillRecord } from '../ports/spill-record.ts';
import type { TurnDecision, TurnJob } from '../ports/turn-queue.ts';
import type { Stores } from '../stores.ts';
import type { TenantRegistry } from '../tenant.ts';
import type { Outage } from './outage.ts';
import type { RecentConversations } from './recent-conversations.ts';

export interface TurnGateDeps {
  outage: Outage;
  record: SpillRecord;
  recent: RecentConversations;
  shared: Pick<Stores, 'ledger' | 'mailbox'>;
  tenants: Pick<TenantRegistry, 'find'>;
  connect: ConnectTenant;
  logger: Logger;
}

const handedInSoonMs = 1_000;
const lookTimeoutMs = 5_000;

export class TurnGate {
  readonly #deps: TurnGateDeps;

  constructor(deps: TurnGateDeps) {
    this.#deps = deps;
  }

  /** How long this turn must wait; 0 = it may go. */
  async waitMs({ conversation }: TurnJob): Promise<number> {
    const { outage, logger } = this.#deps;
    if (outage.pauseMs > 0) return Math.min(outage.pauseMs, handedInSoonMs);
    if (!outage.wasLately || !(await this.#wasAnsweredElsewhere(conversation))) return 0;
    logger.info({ ...conversation, outcome: 'answered_elsewhere' }, 'turn.put_off');
    return handedInSoonMs;
  }

  ended({ conversation }: TurnJob, decision: TurnDecision): void {
    if (decision.kind === 'done') this.#deps.recent.remove(conversation);
  }

  /** An instance answered it while the stores were away, and has not handed that in. */
  async #wasAnsweredElsewhere(conversation: ConversationRef): Promise<boolean> {
    try {
      const { tenants, connect, shared, record } = this.#deps;
      const tenant = await tenants.find(conversation.accountId);
      const conversations = tenant && (await connect(tenant)).conversations;
      if (!conversations) return false;
      const live = await conversations.readLive(conversation.conversationId, AbortSignal.timeout(lookTimeoutMs));
      if (typeof live === 'string' || live.ownTurnId === null) return false;
      const { mail } = await shared.mailbox.read(conversation);
      if (live.lastMessageId <= Math.max(0, ...mail.map(({ entry }) => entry.messageId))) return false;
      // What follows a reply carries the turn's name with something behind it.
      const known = (await shared.ledger.current(conversation))?.turnId;
      if (known !== undefined && live.ownTurnId.startsWith(known)) return false;
      const { mail: spilled } = await record.read(conversation);
      return spilled.length === 0;
    } catch {
      // Whoever cannot look now cannot answer either: the turn itself looks again before it speaks.
      return false;
    }
  }
}
