// Many endpoints that call themselves compatible take one system message, at the start, and refuse or forget a second.
import type { ModelMessage } from '../../core/ports/chat-model.ts';

/** All of the system's words in front, in their order; what never changes comes first, so that prefixes stay cached. */
export function oneSystemMessage(messages: readonly ModelMessage[]): ModelMessage[] {
  const system = messages.flatMap((message) => (message.role === 'system' ? [message.text] : []));
  const others = messages.filter(({ role }) => role !== 'system');
  return system.length === 0 ? others : [{ role: 'system', text: system.join('\n\n') }, ...others];
}
