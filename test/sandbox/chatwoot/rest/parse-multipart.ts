// Splits a multipart/form-data body into its parts. Small on purpose: what HTTP clients send here is well formed.

export interface FormPart {
  name: string;
  /** null for a plain field. */
  fileName: string | null;
  contentType: string;
  bytes: Buffer;
}

export function parseMultipart(body: Buffer, boundary: string): FormPart[] {
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: FormPart[] = [];
  let start = body.indexOf(delimiter);
  while (start !== -1) {
    const end = body.indexOf(delimiter, start + delimiter.length);
    if (end === -1) return parts;
    // Behind the delimiter stands CRLF, before the next one too.
    const part = readPart(body.subarray(start + delimiter.length + 2, end - 2));
    if (part !== null) parts.push(part);
    start = end;
  }
  return parts;
}

function readPart(bytes: Buffer): FormPart | null {
  const split = bytes.indexOf('\r\n\r\n');
  if (split === -1) return null;
  const head = bytes.subarray(0, split).toString('utf8');
  const name = /name="([^"]*)"/i.exec(head)?.[1];
  if (name === undefined) return null;
  return {
    name,
    fileName: /filename="([^"]*)"/i.exec(head)?.[1] ?? null,
    contentType: /^content-type:\s*(\S+)/im.exec(head)?.[1] ?? 'application/octet-stream',
    bytes: bytes.subarray(split + 4),
  };
}
