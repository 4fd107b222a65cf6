// What a suite does with the simulated Chatwoot: act as the customer or as a person, cause faults, wait for conditions, look at
// messages, deliveries, calls and violations. The admin HTTP API offers the same by name.
import type { EventEmitter } from 'node:events';
import { type SandboxConfig, sandboxConfig, type SandboxConfigInput } from './config.ts';
import type { Delivery, Surface } from './deliveries/delivery.ts';
import type { MisbehaviourRule } from './deliveries/misbehaviour.ts';
import { Hold, type HoldHandle, type WantedHold } from './faults/hold.ts';
import { restFault, type RestFaultInput } from './faults/rest-fault.ts';
import {
  customerOpensWidget,
  customerSubmits,
  customerTypes,
  type CustomerWrites,
  customerWrites,
  type CustomerWrote,
  type MessageView,
  mustFind,
} from './helpers/customer-acts.ts';
import { describeSeed } from './helpers/describe-seed.ts';
import type { ContactHandle } from './helpers/find-or-make-contact.ts';
import {
  type Assignment,
  type PersonHandle,
  personAssigns,
  personMutes,
  personSetsStatus,
  personWrites,
  type PersonWrites,
  phoneEcho,
  transcribe,
} from './helpers/person-acts.ts';
import { waitUntil } from './helpers/waiting.ts';
import { endWorld, makeWorld } from './make-world.ts';
import { conversationWebhookForm } from './payloads/conversation-form.ts';
import { messageRestForm } from './payloads/message-forms.ts';
import type { LoggedRequest, Violation } from './rest/request-log.ts';
import type { Message } from './state/model.ts';
import { mustGet } from './state/sandbox-state.ts';
import { saveConversation } from './transitions/save-conversation.ts';
import { updateMessageStatus } from './transitions/message-status.ts';
import type { World } from './world.ts';

export interface ConversationRef {
  account: number;
  /** Display id. */
  conversation: number;
}

export type ConversationSnapshot = ReturnType<typeof conversationWebhookForm>;

const DEFAULT_WAIT_MS = 10_000;

export class SandboxApi {
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

  // The customer

  /** @throws Error when Chatwoot would drop the message (blocked contact on WhatsApp) */
  customerWrites(given: CustomerWrites): CustomerWrote {
    const wrote = customerWrites(this.current, given);
    if (wrote === null) throw new Error('Chatwoot drops this message: the contact is blocked');
    return wrote;
  }

  customerTypes(ref: ConversationRef, on: boolean): void {
    customerTypes(this.current, this.find(ref), on);
  }

  customerSubmits(ref: ConversationRef & { message: number }, values: unknown): void {
    customerSubmits(this.current, this.find(ref), this.findMessage(ref), values);
  }

  customerOpensWidget(given: { account: number; inbox: number; contact: ContactHandle }): void {
    customerOpensWidget(this.current, given);
  }

  // People

  personReplies(ref: ConversationRef & PersonWrites): MessageView {
    return personWrites(this.current, this.find(ref), ref);
  }

  personNotes(ref: ConversationRef & Omit<PersonWrites, 'private'>): MessageView {
    return personWrites(this.current, this.find(ref), { ...ref, private: true });
  }

  phoneEcho(ref: ConversationRef & { text: string; user?: PersonHandle }): MessageView {
    return phoneEcho(this.current, this.find(ref), ref);
  }

  assign(ref: ConversationRef & Assignment): void {
    personAssigns(this.current, this.find(ref), ref);
  }

  resolve(ref: ConversationRef & { user?: PersonHandle }): void {
    personSetsStatus(this.current, this.find(ref), { ...ref, status: 'resolved' });
  }

  markPending(ref: ConversationRef & { user?: PersonHandle }): void {
    personSetsStatus(this.current, this.find(ref), { ...ref, status: 'pending' });
  }

  /** By a person of role agent this also makes him the assignee; name an administrator to avoid it. */
  open(ref: ConversationRef & { user?: PersonHandle }): void {
    personSetsStatus(this.current, this.find(ref), { ...ref, status: 'open' });
  }

  snooze(ref: ConversationRef & { user?: PersonHandle; untilMs?: number }): void {
    personSetsStatus(this.current, this.find(ref), { ...ref, status: 'snoozed', snoozedUntilMs: ref.untilMs ?? null });
  }

  mute(ref: ConversationRef & { user?: PersonHandle }): void {
    personMutes(this.current, this.find(ref), ref.user);
  }

  setLabels(ref: ConversationRef & { labels: string[] }): void {
    saveConversation(this.current, this.find(ref), { labels: ref.labels });
  }

  // From outside

  transcribe(ref: ConversationRef & { message: number; text: string }): void {
    transcribe(this.current, this.find(ref), this.findMessage(ref), ref.text);
  }

  /** The channel refuses one of our messages later. */
  failMessage(ref: ConversationRef & { message: number; error: string }): void {
    updateMessageStatus(this.current, this.findMessage(ref), 'failed', ref.error);
  }

  /** Moves the whole conversation into the past, e.g. to let the reply window close. */
  backdate(ref: ConversationRef & { ms: number }): void {
    const conversation = this.find(ref);
    for (const message of conversation.messages) {
      message.createdAtMs -= ref.ms;
      message.updatedAtMs -= ref.ms;
    }
    conversation.createdAtMs -= ref.ms;
    conversation.lastActivityAtMs -= ref.ms;
    if (conversation.waitingSinceMs !== null) conversation.waitingSinceMs -= ref.ms;
    this.bus.emit('change');
  }

  /** Where the account's bots deliver from now on; `{tenant}` stands for the account's tenant. */
  setBotUrl(account: number, url: string): void {
    const { tenant } = mustGet(this.current.state.accounts, account, 'account');
    for (const bot of this.current.state.botsOf(account)) {
      bot.outgoingUrl = url.replaceAll('{tenant}', tenant ?? String(account));
    }
  }

  // Trouble on demand

  fault(fault: RestFaultInput): void {
    this.current.faults.add(restFault.parse(fault));
  }

  holdNext(wanted: Partial<WantedHold> & { path?: string }): HoldHandle & { id: string } {
    const hold = new Hold({ ...wanted, when: wanted.when ?? 'before-store' });
    this.current.faults.addHold(hold);
    return hold;
  }

  misbehave(rule: MisbehaviourRule): void {
    this.current.deliveries.misbehaviour.add(rule);
  }

  clearFaults(): void {
    this.current.faults.clear();
    this.current.deliveries.misbehaviour.clear();
  }

  // Looking

  messagesOf(ref: ConversationRef): MessageView[] {
    return this.find(ref).messages.map((message) => messageRestForm(this.current, message));
  }

  conversation(ref: ConversationRef): ConversationSnapshot {
    return conversationWebhookForm(this.current, this.find(ref));
  }

  conversationsOf(account: number): ConversationSnapshot[] {
    return this.current.state
      .conversationsOf(account)
      .map((conversation) => conversationWebhookForm(this.current, conversation));
  }

  deliveriesTo(surface: Surface, filter: { event?: string; account?: number; messageId?: number } = {}): Delivery[] {
    return this.current.deliveries.log.filter(
      (delivery) =>
        delivery.surface === surface &&
        (filter.event === undefined || delivery.event === filter.event) &&
        (filter.account === undefined || delivery.accountId === filter.account) &&
        (filter.messageId === undefined || delivery.messageId === filter.messageId),
    );
  }

  get requests(): readonly LoggedRequest[] {
    return this.current.requests.requests;
  }

  get violations(): readonly Violation[] {
    return this.current.requests.violations;
  }

  // Waiting

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
    const { deliveries, requests, tasks } = this.current;
    return deliveries.pending === 0 && requests.open === 0 && tasks.pending === 0;
  }

  end(): void {
    endWorld(this.current);
  }

  private find(ref: ConversationRef) {
    return mustFind(this.current, ref.account, ref.conversation);
  }

  private findMessage(ref: { message: number }): Message {
    return mustGet(this.current.state.messages, ref.message, 'message');
  }
}
