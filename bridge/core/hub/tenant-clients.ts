// The outside systems of one tenant, bound to its own credentials. Null = not configured; never another tenant's.
import type { AtMost } from '../media/at-most.ts';
import type { BusinessSystem } from '../ports/business-system.ts';
import type { ChatModel } from '../ports/chat-model.ts';
import type { ConversationTriage } from '../ports/conversation-triage.ts';
import type { Conversations } from '../ports/conversations.ts';
import type { ImageReader } from '../ports/image-reader.ts';
import type { MediaDownload } from '../ports/media-download.ts';
import type { PastMail } from '../ports/past-mail.ts';
import type { Transcriber } from '../ports/transcriber.ts';
import type { Tenant } from '../tenant.ts';

/** What reads customers' files; an ability that is missing is null. */
export interface MediaReaders {
  download: MediaDownload;
  transcriber: Transcriber | null;
  images: ImageReader | null;
  /** Shared by all conversations of this process: files are held in memory while they are read. */
  places: AtMost;
}

export interface TenantClients {
  conversations: Conversations | null;
  triage: ConversationTriage | null;
  pastMail: PastMail | null;
  business: BusinessSystem | null;
  model: ChatModel | null;
  /** Absent or null = no file can be read. */
  media?: MediaReaders | null;
}

/** Reads credentials at every call, so that a saved one is used on the next turn. */
export type ConnectTenant = (tenant: Tenant) => Promise<TenantClients>;
