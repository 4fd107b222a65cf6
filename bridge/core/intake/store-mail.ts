// The one way into a conversation's mailbox, whether Chatwoot told us or we found it ourselves: the same key, the same quiet
// time, the same wake.
import { hasFilesToRead } from '../media/readable-files.ts';
import type { MailboxEntry } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Mailbox } from '../ports/mailbox.ts';
import type { TurnQueue } from '../ports/turn-queue.ts';
import type { Tenant } from '../tenant.ts';
import type { Debounce } from '../tenants/conversation-settings.ts';
import { quietTimeFor } from './quiet-period.ts';

export interface StoreMailDeps {
  mailbox: Mailbox;
  queue: Pick<TurnQueue, 'wake'>;
  clock: Clock;
  logger: Logger;
}

/** Rejects with `upstream_unavailable` when nothing was stored. */
export async function storeMail(
  deps: StoreMailDeps,
  tenant: Tenant,
  { conversationId, key, entry }: { conversationId: number; key: string; entry: MailboxEntry },
): Promise<'stored' | 'duplicate'> {
  const conversation = { accountId: tenant.accountId, conversationId };
  const nowMs = deps.clock.now();
  const quiet = entry.kind === 'customer_message' ? quietTimeFor(entry, debounceOf(tenant, entry.channel)) : null;
  const { outcome, wakeAtMs } = await deps.mailbox.store({ conversation, key, entry, quiet, nowMs });
  if (outcome === 'duplicate') return outcome;
  // The mail is safe now. A job that cannot be made is made by the sweeper from the wake mark.
  // Files are read while the quiet time still runs; who comes for them comes again when it is over.
  const isToBeRead = entry.kind === 'customer_message' && hasFilesToRead(entry);
  await deps.queue.wake(conversation, isToBeRead ? 0 : Math.max(0, wakeAtMs - nowMs)).catch((error: unknown) => {
    deps.logger.warn({ ...conversation, err: error }, 'intake.wake_left_to_sweeper');
  });
  return outcome;
}

const standardDebounce: Debounce = { complete_ms: 2_500, fragment_ms: 7_000, max_ms: 25_000 };

export function debounceOf(tenant: Tenant, channel: keyof Tenant['config']['channels']): Debounce {
  const channels = tenant.config.channels;
  return channels[channel]?.debounce ?? channels.default?.debounce ?? standardDebounce;
}
