// How people sort conversations: team, labels, priority, attributes. Apart from the port that talks, because a turn can go
// on without it: triage that fails is logged and never keeps a customer waiting.

export const priorities = ['low', 'medium', 'high', 'urgent'] as const;
export type Priority = (typeof priorities)[number];

/** Bound to the tenant's own credentials. Doing anything twice is harmless. */
export interface ConversationTriage {
  /** By the name people see. False when there is no such team or our credentials may not see teams. */
  assignTeam(conversationId: number, team: string, signal: AbortSignal): Promise<boolean>;
  /** Added to the labels that are there; the other side replaces whole sets, so the adapter reads and merges. */
  addLabels(conversationId: number, labels: string[], signal: AbortSignal): Promise<void>;
  setPriority(conversationId: number, priority: Priority | null, signal: AbortSignal): Promise<void>;
  /** Merged into the custom attributes that are there; null removes one. */
  mergeAttributes(
    conversationId: number,
    attributes: Record<string, string | number | boolean | null>,
    signal: AbortSignal,
  ): Promise<void>;
}
