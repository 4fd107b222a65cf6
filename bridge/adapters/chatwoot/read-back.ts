// Which parts of a reply are stored in Chatwoot: by our tag, and by text only where Chatwoot dropped it (before 4.9).
import type { SentPart, SoughtNote, SoughtReply } from '../../core/ports/conversations.ts';
import { outgoing } from './rest-shapes.ts';
import type { RestMessage } from './rest-shapes.ts';

/** In the order of the messages; a part is found once. */
export function partsIn(messages: readonly RestMessage[], sought: SoughtReply): SentPart[] {
  const found = new Map<number, SentPart>();
  for (const message of messages) {
    const part = message.id > sought.afterMessageId ? partOf(message, sought, found) : null;
    if (part !== null && !found.has(part)) found.set(part, { turnId: sought.turnId, part, messageId: message.id });
  }
  return [...found.values()];
}

export function isNoteIn(messages: readonly RestMessage[], { turnId, text, afterMessageId }: SoughtNote): boolean {
  return messages.some((message) => {
    if (!message.private || message.id <= afterMessageId) return false;
    const tag = message.content_attributes?.['ui_turn'];
    return tag === undefined ? plain(message.content ?? '') === plain(text) : tag === turnId;
  });
}

function partOf(
  message: RestMessage,
  { turnId, texts }: SoughtReply,
  found: ReadonlyMap<number, SentPart>,
): number | null {
  if (message.message_type !== outgoing || message.private) return null;
  const tag = message.content_attributes?.['ui_turn'];
  if (tag !== undefined) return tag === turnId ? Number(message.content_attributes?.['ui_part'] ?? 1) : null;
  const said = plain(message.content ?? '');
  const part = texts.findIndex((text, index) => !found.has(index + 1) && plain(text) === said) + 1;
  if (part > 0) return part;
  // What a crash left over is sent as one message, which proves everything to the end.
  return texts.some((_, index) => plain(texts.slice(index).join('\n\n')) === said) ? texts.length : null;
}

/** Chatwoot strips hard breaks and trailing lines, from version to version in different ways. */
function plain(text: string): string {
  return text.replace(/\\$/gm, '').replace(/\s+/g, ' ').trim();
}
