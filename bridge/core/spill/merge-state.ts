// The memory of a conversation after an outage: what the shared stores knew, with what was said and decided meanwhile.
import { boundedWindow } from '../hub/context.ts';
import type { ConversationState } from '../ports/conversation-states.ts';

/** Merging twice is merging once: what was said is known by its message. */
export function mergedState(before: ConversationState | null, meanwhile: ConversationState): ConversationState {
  if (before === null) return meanwhile;
  const newest = Math.max(0, ...before.window.map(({ messageId }) => messageId));
  // Message ids grow. What is older than the memory's newest was in it already, or left it on purpose.
  const fresh = meanwhile.window.filter(({ messageId }) => messageId > newest);
  return {
    ...before,
    // It was looked at live before anything was said; what people did since is handed in as news.
    owner: meanwhile.owner,
    ownerSinceMs: Math.max(before.ownerSinceMs, meanwhile.ownerSinceMs),
    lastStatus: meanwhile.lastStatus ?? before.lastStatus,
    window: boundedWindow([...before.window, ...fresh]),
    personOffered: meanwhile.personOffered,
    lastService: meanwhile.lastService ?? before.lastService,
    failures: 0,
    updatedAtMs: Math.max(before.updatedAtMs, meanwhile.updatedAtMs),
  };
}
