// Looking at the simulated Chatwoot and waiting for it to become as a test expects: messages, conversations, deliveries, calls.
import type { Delivery, Surface } from '../deliveries/delivery.ts';
import type { MessageView } from '../helpers/customer-acts.ts';
import { waitUntil } from '../helpers/waiting.ts';
import { conversationWebhookForm } from '../payloads/conversation-form.ts';
import { messageRestForm } from '../payloads/message-forms.ts';
import type { LoggedRequest, Violation } from '../rest/request-log.ts';
import { type ConversationRef, WorldHolder } from './world-holder.ts';

export type ConversationSnapshot = ReturnType<typeof conversationWebhookForm>;

const DEFAULT_WAIT_MS = 10_000;

export class LookingApi extends WorldHolder {
  messagesOf(ref: ConversationRef): MessageView[] {
    return this.find(ref).messages.map((message) => messageRestForm(this.world, message));
  }

  conversation(ref: ConversationRef): ConversationSnapshot {
    return conversationWebhookForm(this.world, this.find(ref));
  }

  conversationsOf(account: number): ConversationSnapshot[] {
    return this.world.state
      .conversationsOf(account)
      .map((conversation) => conversationWebhookForm(this.world, conversation));
  }

  deliveriesTo(surface: Surface, filter: { event?: string; account?: number; messageId?: number } = {}): Delivery[] {
    return this.world.deliveries.log.filter(
      (delivery) =>
        delivery.surface === surface &&
        (filter.event === undefined || delivery.event === filter.event) &&
        (filter.account === undefined || delivery.accountId === filter.account) &&
        (filter.messageId === undefined || delivery.messageId === filter.messageId),
    );
  }

  get requests(): readonly LoggedRequest[] {
    return this.world.requests.requests;
  }

  get violations(): readonly Violation[] {
    return this.world.requests.violations;
  }

  waitFor<T>(what: string, look: () => T | null | undefined | false, timeoutMs = DEFAULT_WAIT_MS): Promise<T> {
    return waitUntil(this.bus, what, look, timeoutMs);
  }

  /** The first public message out to the customer after his last one (or after message id `after`) that fits. */
  waitForReply(
    ref: ConversationRef & { after?: number },
    fits: (message: MessageView) => boolean = () => true,
    timeoutMs = DEFAULT_WAIT_MS,
  ): Promise<MessageView> {
    const after =
      ref.after ?? this.find(ref).messages.findLast((message) => message.messageType === 'incoming')?.id ?? 0;
    const look = (): MessageView | undefined =>
      this.messagesOf(ref).find(
        (message) => message.message_type === 1 && !message.private && message.id > after && fits(message),
      );
    return this.waitFor(`a reply in conversation ${ref.conversation} of account ${ref.account}`, look, timeoutMs);
  }

  waitForConversation(
    ref: ConversationRef,
    fits: (conversation: ConversationSnapshot) => boolean,
    timeoutMs = DEFAULT_WAIT_MS,
  ): Promise<ConversationSnapshot> {
    const look = (): ConversationSnapshot | null => {
      const snapshot = this.conversation(ref);
      return fits(snapshot) ? snapshot : null;
    };
    return this.waitFor(`conversation ${ref.conversation} of account ${ref.account} to change`, look, timeoutMs);
  }

  /** No delivery under way, no call open, nothing scheduled. */
  idle(timeoutMs = DEFAULT_WAIT_MS): Promise<true> {
    return this.waitFor('the sandbox to be idle', () => this.isIdle(), timeoutMs);
  }

  isIdle(): boolean {
    const { deliveries, requests, tasks } = this.world;
    return deliveries.pending === 0 && requests.open === 0 && tasks.pending === 0;
  }
}
