// A message that still waits in the mailbox and says something else now: edited, taken back, or its voice note was heard. It
// never starts work by itself, since Chatwoot also tells of changes that are none (a merge of contacts updates every old
// message); what was answered already stays answered.
import type { Attachment, CustomerMessage, MessageChanged } from '../message.ts';
import type { Tenant } from '../tenant.ts';
import { quietTimeFor } from './quiet-period.ts';
import { debounceOf } from './store-mail.ts';
import type { StoreMailDeps } from './store-mail.ts';

export interface Amendment {
  outcome: 'amended' | 'ignored';
  reason: 'not_waiting' | 'same_words' | 'taken_back' | null;
}

/** Rejects with `upstream_unavailable` when nothing was changed. */
export async function amendMail(
  deps: StoreMailDeps,
  tenant: Tenant,
  conversationId: number,
  change: MessageChanged,
): Promise<Amendment> {
  const conversation = { accountId: tenant.accountId, conversationId };
  const { mail } = await deps.mailbox.read(conversation);
  const standing = mail.find(({ key }) => key === change.of)?.entry;
  if (standing?.kind !== 'customer_message') return { outcome: 'ignored', reason: 'not_waiting' };
  if (change.isTakenBack) {
    await deps.mailbox.remove(conversation, [change.of]);
    return { outcome: 'amended', reason: 'taken_back' };
  }
  const entry = amended(standing, change);
  if (JSON.stringify(entry) === JSON.stringify(standing)) return { outcome: 'ignored', reason: 'same_words' };
  const nowMs = deps.clock.now();
  // Who edits is still writing; a transcript that comes only ends the wait for it.
  const fromMs = entry.text === standing.text ? null : nowMs;
  const quiet = quietTimeFor(entry, debounceOf(tenant, entry.channel));
  const done = await deps.mailbox.amend({ conversation, key: change.of, entry, quiet, fromMs });
  if (!done.amended) return { outcome: 'ignored', reason: 'not_waiting' };
  await deps.queue.wake(conversation, Math.max(0, done.wakeAtMs - nowMs)).catch((error: unknown) => {
    deps.logger.warn({ ...conversation, err: error }, 'intake.wake_left_to_sweeper');
  });
  return { outcome: 'amended', reason: null };
}

function amended(standing: CustomerMessage, { text, attachments }: MessageChanged): CustomerMessage {
  const files = attachments.length === 0 ? standing.attachments : attachments.map((file) => withKnown(file, standing));
  return { ...standing, text, attachments: files };
}

/** What we heard and saw in a file ourselves is kept. */
function withKnown(file: Attachment, { attachments }: CustomerMessage): Attachment {
  const isSame = (one: Attachment) => (file.id === undefined ? one.url === file.url : one.id === file.id);
  const known = attachments.find(isSame);
  return known ? { ...known, ...file, transcript: file.transcript ?? known.transcript } : file;
}
