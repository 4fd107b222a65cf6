// Which files of a message can become words, and which nobody turned into words yet. Intake asks it to look at a message
// early, the hub to read it, the window to say what stayed unread.
import type { Attachment, CustomerMessage } from '../message.ts';

/** Worth a try: not yet words, and not tried in vain. */
export function isToBeRead(attachment: Attachment): boolean {
  const isReadable = attachment.kind === 'audio' || attachment.kind === 'image';
  return isReadable && attachment.url !== null && attachment.unread === undefined && !hasWords(attachment);
}

export function hasFilesToRead(message: CustomerMessage): boolean {
  return message.attachments.some(isToBeRead);
}

export function hasWords({ transcript, description, card }: Attachment): boolean {
  return transcript !== null || description !== undefined || card !== undefined;
}

/** The other side's number says it; without one, the place it lies at. */
export function isSameFile(one: Attachment, other: Attachment): boolean {
  return one.id === undefined || other.id === undefined ? one.url === other.url : one.id === other.id;
}
