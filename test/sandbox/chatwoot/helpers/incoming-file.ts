// A file a customer sends, as a test describes it.
import type { NewAttachment } from '../transitions/store-message.ts';

export interface IncomingFile {
  type: 'image' | 'audio' | 'video' | 'file' | 'location' | 'contact' | 'fallback';
  fileName?: string;
  contentType?: string;
  /** Content as text or base64; a small default file of the type when both are absent. */
  text?: string;
  base64?: string;
  /** Location, contact card: the item's own keys. */
  extra?: Record<string, unknown>;
  /** How many downloads answer 404 first. */
  missingFor?: number;
  transcribedText?: string;
}

const DEFAULTS: Record<string, { fileName: string; contentType: string; base64: string }> = {
  image: {
    fileName: 'foto.png',
    contentType: 'image/png',
    base64: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  },
  audio: { fileName: 'voz.ogg', contentType: 'audio/ogg', base64: 'T2dnUwACAAAAAAAAAAA=' },
  video: { fileName: 'video.mp4', contentType: 'video/mp4', base64: 'AAAAGGZ0eXBtcDQy' },
  file: { fileName: 'documento.pdf', contentType: 'application/pdf', base64: 'JVBERi0xLjQK' },
};

export function incomingAttachment(file: IncomingFile): NewAttachment {
  const standard = DEFAULTS[file.type];
  const bytes =
    file.text === undefined ? Buffer.from(file.base64 ?? standard?.base64 ?? '', 'base64') : Buffer.from(file.text);
  return {
    fileType: file.type,
    contentType: file.contentType ?? standard?.contentType ?? null,
    fileName: file.fileName ?? standard?.fileName ?? file.type,
    bytes: standard === undefined ? null : bytes,
    extra: file.extra ?? {},
    missingFor: file.missingFor ?? 0,
    ...(file.transcribedText === undefined ? {} : { transcribedText: file.transcribedText }),
  };
}
