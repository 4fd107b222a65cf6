// How an inbox is used: live, test (silent until the word is said in that conversation) or observe (drafts for people).
import type { CustomerMessage } from '../message.ts';
import type { InboxMode, Tenant } from '../tenant.ts';

const testWord = '#teste';

/** Null = this inbox is not listed: people have it alone. */
export function modeOf(tenant: Tenant, inboxId: number): InboxMode | null {
  return tenant.config.integrations.chatwoot?.inboxes.find((inbox) => inbox.id === inboxId)?.mode ?? null;
}

export function unlocksTest(messages: readonly CustomerMessage[]): boolean {
  return messages.some((message) => message.text.toLowerCase().includes(testWord));
}

export function withoutTestWord(question: string): string {
  return question.replace(new RegExp(testWord, 'gi'), '').trim();
}
