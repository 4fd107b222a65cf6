// Acting in the simulated Chatwoot: as the customer, as a person of the team, as the channel, as an automation.
import {
  customerEdits,
  customerOpensWidget,
  customerSubmits,
  customerTypes,
  type CustomerWrites,
  customerWrites,
  type CustomerWrote,
  type MessageView,
} from '../helpers/customer-acts.ts';
import { automationSends, campaignSends } from '../helpers/automatic-acts.ts';
import type { ContactHandle } from '../helpers/find-or-make-contact.ts';
import {
  type Assignment,
  deleteMessage,
  editMessage,
  type PersonHandle,
  personAssigns,
  personMutes,
  personSetsStatus,
  personWrites,
  type PersonWrites,
  phoneEcho,
  transcribe,
} from '../helpers/person-acts.ts';
import { mustGet } from '../state/sandbox-state.ts';
import { changeStatus } from '../transitions/change-status.ts';
import { saveConversation } from '../transitions/save-conversation.ts';
import { updateMessageStatus } from '../transitions/message-status.ts';
import { LookingApi } from './looking-api.ts';
import type { ConversationRef } from './world-holder.ts';

export class ActingApi extends LookingApi {
  /** @throws Error when Chatwoot would drop the message (blocked contact on WhatsApp) */
  customerWrites(given: CustomerWrites): CustomerWrote {
    const wrote = customerWrites(this.world, given);
    if (wrote === null) throw new Error('Chatwoot drops this message: the contact is blocked');
    return wrote;
  }

  customerTypes(ref: ConversationRef, on: boolean): void {
    customerTypes(this.world, this.find(ref), on);
  }

  customerSubmits(ref: ConversationRef & { message: number }, values: unknown): void {
    customerSubmits(this.world, this.find(ref), this.findMessage(ref), values);
  }

  customerEdits(ref: ConversationRef & { message: number; text: string }): void {
    customerEdits(this.world, this.find(ref), this.findMessage(ref), ref.text);
  }

  customerOpensWidget(given: { account: number; inbox: number; contact: ContactHandle }): void {
    customerOpensWidget(this.world, given);
  }

  personReplies(ref: ConversationRef & PersonWrites): MessageView {
    return personWrites(this.world, this.find(ref), ref);
  }

  personNotes(ref: ConversationRef & Omit<PersonWrites, 'private'>): MessageView {
    return personWrites(this.world, this.find(ref), { ...ref, private: true });
  }

  phoneEcho(ref: ConversationRef & { text: string; user?: PersonHandle }): MessageView {
    return phoneEcho(this.world, this.find(ref), ref);
  }

  assign(ref: ConversationRef & Assignment): void {
    personAssigns(this.world, this.find(ref), ref);
  }

  resolve(ref: ConversationRef & { user?: PersonHandle }): void {
    personSetsStatus(this.world, this.find(ref), { ...ref, status: 'resolved' });
  }

  markPending(ref: ConversationRef & { user?: PersonHandle }): void {
    personSetsStatus(this.world, this.find(ref), { ...ref, status: 'pending' });
  }

  /** By a person of role agent this also makes him the assignee; name an administrator to avoid it. */
  open(ref: ConversationRef & { user?: PersonHandle }): void {
    personSetsStatus(this.world, this.find(ref), { ...ref, status: 'open' });
  }

  snooze(ref: ConversationRef & { user?: PersonHandle; untilMs?: number }): void {
    personSetsStatus(this.world, this.find(ref), { ...ref, status: 'snoozed', snoozedUntilMs: ref.untilMs ?? null });
  }

  mute(ref: ConversationRef & { user?: PersonHandle }): void {
    personMutes(this.world, this.find(ref), ref.user);
  }

  setLabels(ref: ConversationRef & { labels: string[] }): void {
    saveConversation(this.world, this.find(ref), { labels: ref.labels });
  }

  /** An automation rule's text: outgoing, no author, marked with the rule. */
  automationSends(ref: ConversationRef & { text: string; ruleId?: number }): MessageView {
    return automationSends(this.world, this.find(ref), ref);
  }

  /** A campaign's text: looks like a person's, marked with the campaign only in the additional attributes. */
  campaignSends(ref: ConversationRef & { text: string; user?: PersonHandle; campaignId?: number }): MessageView {
    return campaignSends(this.world, this.find(ref), ref);
  }

  /** The job that closes what was open too long; pending and snoozed conversations are left alone. */
  autoResolve(ref: ConversationRef): void {
    if (this.find(ref).status === 'open') {
      changeStatus(this.world, this.find(ref), { status: 'resolved' }, { kind: 'system' });
    }
  }

  endSnooze(ref: ConversationRef): void {
    if (this.find(ref).status === 'snoozed') saveConversation(this.world, this.find(ref), { status: 'open' });
  }

  transcribe(ref: ConversationRef & { message: number; text: string }): void {
    transcribe(this.world, this.find(ref), this.findMessage(ref), ref.text);
  }

  edit(ref: ConversationRef & { message: number; text: string }): void {
    editMessage(this.world, this.find(ref), this.findMessage(ref), ref.text);
  }

  takeBack(ref: ConversationRef & { message: number }): void {
    const { locale } = mustGet(this.world.state.accounts, ref.account, 'account');
    deleteMessage(this.world, this.find(ref), this.findMessage(ref), locale);
  }

  /** The channel refuses one of our messages later. */
  failMessage(ref: ConversationRef & { message: number; error: string }): void {
    updateMessageStatus(this.world, this.findMessage(ref), 'failed', ref.error);
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
    const { tenant } = mustGet(this.world.state.accounts, account, 'account');
    for (const bot of this.world.state.botsOf(account)) {
      bot.outgoingUrl = url.replaceAll('{tenant}', tenant ?? String(account));
    }
  }
}
