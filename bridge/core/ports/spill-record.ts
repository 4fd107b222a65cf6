// What was accepted while the shared stores were away. It lies on this instance's own disk, apart from the shared stores,
// because a queue kept in the store that is down dies with it.
import type { ConversationRef } from '../message.ts';
import type { Mail } from './mailbox.ts';

export interface SpilledMail {
  mail: Mail;
  /** Nothing is owed for it any more: answered meanwhile, or left in silence on purpose. */
  settled: boolean;
}

/** Proof that a part of a reply is stored on the other side, for the ledger it belongs to. */
export interface SpilledProof {
  turnId: string;
  part: number;
  messageId: number;
}

export interface SpilledConversation {
  /** In the order they were kept. */
  mail: SpilledMail[];
  proofs: SpilledProof[];
}

/** A store of record on this machine alone; trimmed by `forget`. What is acknowledged survives a kill. */
export interface SpillRecord {
  /** Kept once per key; what is known already stays as it is. */
  keep(mail: Mail): Promise<'stored' | 'duplicate'>;
  /** Replaces what a kept message says, its key and its place stay; false when it is not here. */
  amend(conversation: ConversationRef, key: string, entry: Mail['entry']): Promise<boolean>;
  prove(conversation: ConversationRef, proof: SpilledProof): Promise<void>;
  /** Unknown keys are ignored. */
  settle(conversation: ConversationRef, keys: string[]): Promise<void>;
  read(conversation: ConversationRef): Promise<SpilledConversation>;
  /** Forgets exactly what was read: something newer may have come meanwhile. */
  forget(conversation: ConversationRef, content: SpilledConversation): Promise<void>;
  conversations(): Promise<ConversationRef[]>;
  size(): Promise<number>;
}
