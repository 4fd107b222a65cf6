// What a file is by its first bytes. Names and headers are the customer's to choose; these bytes are what a decoder reads.

const signatures: { type: string; at?: number; bytes: string; also?: { at: number; bytes: string } }[] = [
  { type: 'image/png', bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', bytes: '\xff\xd8\xff' },
  { type: 'image/gif', bytes: 'GIF8' },
  { type: 'image/webp', bytes: 'RIFF', also: { at: 8, bytes: 'WEBP' } },
  { type: 'audio/wav', bytes: 'RIFF', also: { at: 8, bytes: 'WAVE' } },
  { type: 'audio/ogg', bytes: 'OggS' },
  { type: 'audio/mpeg', bytes: 'ID3' },
  { type: 'audio/flac', bytes: 'fLaC' },
  { type: 'audio/amr', bytes: '#!AMR' },
  { type: 'audio/webm', bytes: '\x1a\x45\xdf\xa3' },
  { type: 'image/heic', at: 4, bytes: 'ftyp', also: { at: 8, bytes: 'heic' } },
  { type: 'image/heic', at: 4, bytes: 'ftyp', also: { at: 8, bytes: 'mif1' } },
  { type: 'image/avif', at: 4, bytes: 'ftyp', also: { at: 8, bytes: 'avif' } },
  { type: 'audio/mp4', at: 4, bytes: 'ftyp' },
  { type: 'application/pdf', bytes: '%PDF-' },
];

/** Empty when the bytes tell nothing. A container is named by what customers send in it: WebM and MP4 hold voice notes. */
export function sniffType(bytes: Uint8Array): string {
  const found = signatures.find(
    ({ at = 0, bytes: start, also }) => holds(bytes, at, start) && (!also || holds(bytes, also.at, also.bytes)),
  );
  return found?.type ?? frameType(bytes);
}

/** Streams without a header: every frame of MP3 and of AAC begins with a sync mark. */
function frameType([first = 0, second = 0]: Uint8Array): string {
  if (first !== 0xff) return '';
  if ((second & 0xf6) === 0xf0) return 'audio/aac';
  return (second & 0xe0) === 0xe0 && (second & 0x06) !== 0 ? 'audio/mpeg' : '';
}

function holds(bytes: Uint8Array, at: number, text: string): boolean {
  return Array.from(text).every((character, index) => bytes[at + index] === character.charCodeAt(0));
}
