// One outbound delivery from the moment it is queued: what the log shows and what tests look at.
import type { EventName } from '../events.ts';

export type Surface = 'account_webhook' | 'api_inbox' | 'agent_bot';

export interface DeliveryAttempt {
  at: string;
  status: number | null;
  error: string | null;
  ms: number;
  headers: Record<string, string>;
}

export interface Delivery {
  /** Running number in this sandbox; not sent. */
  seq: number;
  surface: Surface;
  /** Id of the webhook, inbox or bot it goes to. */
  targetId: number;
  event: EventName;
  url: string;
  secret: string | null;
  deliveryId: string;
  accountId: number;
  /** Display id of the conversation, if the event has one. */
  conversationId: number | null;
  messageId: number | null;
  /** Why this is not the plain first delivery. */
  note: 'duplicate' | 'republished' | null;
  state: 'queued' | 'sending' | 'waiting_for_retry' | 'delivered' | 'failed' | 'dropped';
  body: string;
  attempts: DeliveryAttempt[];
}
