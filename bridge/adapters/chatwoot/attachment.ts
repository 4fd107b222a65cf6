// One thing a customer sent beside their words. Files say where they are, how large and of what kind; places and contact
// cards have no file, so what they say is put into words.
import type { Attachment } from '../../core/message.ts';
import type { AttachmentPayload } from './payload.ts';

const kinds = ['image', 'audio', 'video', 'file', 'location', 'contact'] as const;

export function toAttachment(given: AttachmentPayload): Attachment {
  const card = cardOf(given);
  return {
    kind: kindOf(given),
    url: given.data_url ?? null,
    transcript: given.transcribed_text?.trim() ? given.transcribed_text : null,
    ...(given.id ? { id: given.id } : {}),
    ...(given.file_size ? { sizeBytes: given.file_size } : {}),
    ...(given.content_type ? { contentType: given.content_type } : {}),
    ...(given.extension ? { extension: given.extension.replace(/^\./, '').toLowerCase() } : {}),
    ...(card === '' ? {} : { card }),
  };
}

/** Stories and shared posts are files of a kind that only their content type tells. */
function kindOf({ file_type: type, content_type: contentType }: AttachmentPayload): Attachment['kind'] {
  const named = kinds.find((kind) => kind === type);
  return named ?? (['image', 'video', 'audio'] as const).find((kind) => contentType?.startsWith(`${kind}/`)) ?? 'other';
}

function cardOf(given: AttachmentPayload): string {
  const { file_type: type, fallback_title: title } = given;
  if (type === 'location') return words([title, place(given)]);
  if (type === 'contact') return words([nameOf(given.meta), title]);
  return type === 'fallback' || type === 'embed' ? words([title, given.data_url]) : '';
}

function place({ coordinates_lat: latitude, coordinates_long: longitude }: AttachmentPayload): string {
  const isKnown = typeof latitude === 'number' && typeof longitude === 'number';
  return isKnown ? `${latitude}, ${longitude}` : '';
}

/** WhatsApp and Telegram spell the keys differently. */
function nameOf(meta: AttachmentPayload['meta']): string {
  const parts = [meta?.['firstName'] ?? meta?.['first_name'], meta?.['lastName'] ?? meta?.['last_name']];
  return parts
    .filter((part) => typeof part === 'string')
    .join(' ')
    .trim();
}

function words(parts: (string | null | undefined)[]): string {
  return parts.filter((part) => part?.trim()).join(' · ');
}
