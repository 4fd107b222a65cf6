// Plain examples of what the stores keep; tests name only what they are about.
import type { ConversationRef, CustomerMessage, OwnershipEvent } from '../../bridge/core/message.ts';
import type { ConversationState } from '../../bridge/core/ports/conversation-states.ts';
import type { Mail } from '../../bridge/core/ports/mailbox.ts';
import type { ReplyIntent } from '../../bridge/core/ports/reply-ledger.ts';
import type { StoredToken } from '../../bridge/core/ports/token-store.ts';
import type { TurnTrace } from '../../bridge/core/ports/turn-traces.ts';
import type { StoredDocument } from '../../bridge/core/knowledge/document.ts';
import { makeContact, makeCustomerMessage } from '../fixtures/customer-message.ts';

const facts = { status: 'pending', assignee: null, teamId: null, canReply: true } as const;

export function customerMessage(messageId: number, text = 'Qual o prazo de troca?'): CustomerMessage {
  const contact = makeContact({ id: 9, name: 'João', phone: '+5511999990000' });
  return makeCustomerMessage({ messageId, text, contact, sentAtMs: 1_000 });
}

export function ownershipEvent(messageId = 0): OwnershipEvent {
  return {
    kind: 'ownership',
    version: 1,
    change: messageId === 0 ? 'status_changed' : 'person_replied',
    messageId,
    inboxId: 5,
    text: null,
    atMs: 1_000,
    conversation: facts,
  };
}

export interface MailOptions {
  key?: string;
  nowMs?: number;
  quietMs?: number;
  maxMs?: number;
}

export function customerMail(conversation: ConversationRef, messageId: number, options: MailOptions = {}): Mail {
  const { key = `message:${messageId}`, nowMs = 1_000, quietMs = 2_500, maxMs = 25_000 } = options;
  return { conversation, key, entry: customerMessage(messageId), quiet: { quietMs, maxMs }, nowMs };
}

/** Mail that needs no quiet time. */
export function ownershipMail(conversation: ConversationRef, key: string, nowMs = 1_000, messageId = 0): Mail {
  return { conversation, key, entry: ownershipEvent(messageId), quiet: null, nowMs };
}

export function replyIntent(conversation: ConversationRef, lastMessageId: number, turnId: string): ReplyIntent {
  return {
    version: 1,
    conversation,
    turnId,
    lastMessageId,
    afterMessageId: lastMessageId,
    parts: [
      { text: 'Você tem 7 dias.', messageId: null },
      { text: 'Posso ajudar em algo mais?', messageId: null },
    ],
    handoff: null,
    state: 'intended',
    atMs: 5_000,
  };
}

export function conversationState(updatedAtMs: number): ConversationState {
  return {
    version: 1,
    owner: 'assistant',
    ownerSinceMs: updatedAtMs,
    lastStatus: 'pending',
    window: [{ from: 'customer', text: 'oi', atMs: updatedAtMs, messageId: 1 }],
    personOffered: false,
    testUnlocked: true,
    lastService: 'sales',
    failures: 0,
    updatedAtMs,
  };
}

export function turnTrace(accountId: string, conversationId: number, turnId: string): TurnTrace {
  return {
    turn_id: turnId,
    account_id: accountId,
    conversation_id: conversationId,
    at: '2026-11-20T12:00:00.000Z',
    outcome: 'replied',
    service: 'sales',
    confidence: 0.9,
    reason: null,
    rung: 'grounded',
    sources: [{ kind: 'rule', id: 'r1', title: 'Trocas' }],
    tools: [],
    usage: { model_calls: 0, input_tokens: 0, output_tokens: 0, embedding_tokens: 0 },
    ms: 12,
    durations: { search: 3 },
  };
}

export function storedToken(accountId: string, id: string, hash: string): StoredToken {
  return {
    version: 1,
    id,
    accountId,
    name: 'Odoo',
    hash,
    scopes: ['odoo'],
    databaseUuid: null,
    createdAtMs: 1_000,
    lastUsedAtMs: null,
  };
}

export function storedDocument(id: string, body = 'Você pode trocar em até 7 dias.'): StoredDocument {
  return {
    version: 1,
    document: { kind: 'rule', id, title: `Regra ${id}`, body, attributes: { sku: ['A-1', 'A-2'], price: 10 } },
    source: 'rpc',
    etag: '',
    textHash: `t-${body}`,
    restHash: 'r',
    embeddedWith: null,
    failure: null,
    storedAtMs: 1_000,
  };
}
