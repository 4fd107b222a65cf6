// Making the other side deliver to us, and undoing it. Needs an administrator's credential there.

/**
 * The name of the sealed entry that keeps what connecting told: secrets, the bot and its token. Fixed, because a tenant has
 * one other side; beside the credential people save, because that one is replaced as a whole.
 */
export const connectedRef = 'chatwoot-connected';

export interface ListedInbox {
  id: number;
  name: string;
  channelType: string;
}

/** A setting over there that fights with an assistant: what it does, and what a person does about it. */
export interface SetupWarning {
  about: string;
  message: string;
  fix: string;
}

/** How deliveries are to come: as the bot of some inboxes, or from the whole account. */
export interface ConnectionWish {
  surface: 'agent_bot' | 'account_webhook';
  /** The bot answers in these and in no others; the account's webhook has no inboxes. */
  inboxIds: number[];
  /** Where deliveries go. */
  url: string;
  /** What every address of this tenant begins with: what was made for an earlier one is found again by it. */
  urlPrefix: string;
  /** Shown to people there. */
  name: string;
  /** The bot we already speak as, by its token; it is used rather than a new one. */
  botToken: string | null;
}

export interface Connected {
  botId: number | null;
  webhookId: number | null;
  /** Deliveries are signed with it; null = that side is too old to sign. */
  secret: string | null;
  botToken: string | null;
  /** False for a bot that was there before us. */
  isOurs: boolean;
}

/** Bound to the tenant's own credentials. `upstream_rejected` also when they are no administrator's. */
export interface ConversationSetup {
  inboxes(signal: AbortSignal): Promise<ListedInbox[]>;
  /** Doing it twice is like doing it once; rejects with `conflict` when an inbox has somebody else's bot. */
  connect(wish: ConnectionWish, signal: AbortSignal): Promise<Connected>;
  /** False when there was nothing to undo. `keepBotId`: a bot that was there before us is only unlinked. */
  disconnect(urlPrefix: string, keepBotId: number | null, signal: AbortSignal): Promise<boolean>;
}
