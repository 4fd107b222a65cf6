// A delivery becomes mail, or a named reason why it does not. Nothing slow happens here and no model is asked: the caller
// waits at most a few seconds for our answer. When this returns, what matters is stored and survives a kill.
import type { DeliveryReading, OwnSendEvent, RefusedReply } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Deliveries, RawDelivery } from '../ports/deliveries.ts';
import type { Logger } from '../ports/logger.ts';
import type { Mailbox } from '../ports/mailbox.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ReplyLedger } from '../ports/reply-ledger.ts';
import type { TurnQueue } from '../ports/turn-queue.ts';
import type { Tenant, TenantRegistry } from '../tenant.ts';
import { amendMail } from './amend-mail.ts';
import { storeMail } from './store-mail.ts';

export interface IntakeDeps {
  tenants: TenantRegistry;
  deliveries: Deliveries;
  mailbox: Mailbox;
  ledger: ReplyLedger;
  queue: Pick<TurnQueue, 'wake'>;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

const warningsKept = 10_000;

export type IntakeOutcome = 'stored' | 'duplicate' | 'ignored' | 'confirmed' | 'amended';

export class Intake {
  readonly #deps: IntakeDeps;
  /** Inboxes that were warned about: customers pile up there unseen, which one line says as well as a thousand. */
  readonly #warned = new Set<string>();

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  /** Rejects with `bad_signature`, `bad_request` or `upstream_unavailable` (nothing was stored: the sender may retry). */
  async receive(accountId: string, raw: RawDelivery): Promise<IntakeOutcome> {
    const tenant = await this.#deps.tenants.find(accountId);
    const reading = await this.#deps.deliveries.open(tenant, raw);
    if (!tenant) return 'ignored';
    const { outcome, reason } = await this.#take(tenant, reading);
    this.#deps.metrics.count('deliveries', { outcome });
    const fields = {
      account_id: accountId,
      conversation_id: reading.conversationId,
      key: reading.key,
      outcome,
      reason,
    };
    // Something of a customer may be lost in it: a Chatwoot or a fork we do not know yet.
    if (reason?.startsWith('unreadable_')) this.#deps.logger.warn(fields, 'delivery.unreadable');
    else this.#deps.logger.info(fields, 'delivery.received');
    return outcome;
  }

  async #take(tenant: Tenant, reading: DeliveryReading): Promise<{ outcome: IntakeOutcome; reason: string | null }> {
    const { event, conversationId, key } = reading;
    if (event.kind === 'ignored' || conversationId === null) {
      return { outcome: 'ignored', reason: event.kind === 'ignored' ? event.reason : 'no_conversation' };
    }
    if (event.kind === 'own_send') return this.#confirm(tenant, conversationId, event);
    if (event.kind === 'message_changed') return amendMail(this.#deps, tenant, conversationId, event);
    if (event.kind === 'refused_reply') await this.#noteRefusal(tenant, conversationId, event);
    if (!listsInbox(tenant, event.inboxId)) {
      this.#warnOnce(tenant, event.inboxId);
      return { outcome: 'ignored', reason: 'inbox_not_listed' };
    }
    return { outcome: await storeMail(this.#deps, tenant, { conversationId, key, entry: event }), reason: null };
  }

  #warnOnce(tenant: Tenant, inboxId: number): void {
    const key = `${tenant.accountId}\n${tenant.fingerprint}\n${inboxId}`;
    if (this.#warned.has(key)) return;
    if (this.#warned.size >= warningsKept) this.#warned.clear();
    this.#warned.add(key);
    this.#deps.logger.warn({ account_id: tenant.accountId, inbox_id: inboxId }, 'intake.inbox_not_listed');
  }

  async #confirm(tenant: Tenant, conversationId: number, { turnId, part, messageId }: OwnSendEvent) {
    await this.#deps.ledger.confirmPart({ accountId: tenant.accountId, conversationId }, turnId, part, messageId);
    return { outcome: 'confirmed' as const, reason: null };
  }

  /** What the channel refused was stored in the conversation all the same: it must not be taken for lost and sent again. */
  async #noteRefusal(tenant: Tenant, conversationId: number, event: RefusedReply): Promise<void> {
    const { turnId, refusal } = event;
    await this.#confirm(tenant, conversationId, { ...event, kind: 'own_send' });
    const where = { account_id: tenant.accountId, conversation_id: conversationId, turn_id: turnId };
    this.#deps.logger.warn({ ...where, ...refusal }, 'reply.refused_by_channel');
    this.#deps.metrics.count('replies_refused', { kind: refusal.kind });
  }
}

function listsInbox(tenant: Tenant, inboxId: number): boolean {
  return tenant.config.integrations.chatwoot?.inboxes.some((inbox) => inbox.id === inboxId) ?? false;
}
