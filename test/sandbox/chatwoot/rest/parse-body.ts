// Reads a request body in the three forms Rails understands: JSON, multipart (files) and form fields.
import type { IncomingMessage } from 'node:http';
import type { JsonObject } from '../state/model.ts';
import { parseMultipart } from './parse-multipart.ts';
import type { UploadedFile } from './route.ts';

export interface ParsedBody {
  fields: JsonObject;
  files: UploadedFile[];
}

export class NotJson extends Error {}

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** @throws NotJson for a JSON body that is none */
export function parseBody(contentType: string | undefined, bytes: Buffer): ParsedBody {
  if (bytes.length === 0) return { fields: {}, files: [] };
  if (
    contentType?.startsWith('multipart/form-data') === true ||
    contentType?.startsWith('application/x-www-form-urlencoded') === true
  ) {
    return parseForm(contentType, bytes);
  }
  return { fields: parseJsonObject(bytes), files: [] };
}

export function parseJsonObject(bytes: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    throw new NotJson('the body is not JSON');
  }
  throw new NotJson('the body is not a JSON object');
}

function parseForm(contentType: string, bytes: Buffer): ParsedBody {
  const fields: JsonObject = {};
  const files: UploadedFile[] = [];
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) {
    for (const [name, value] of new URLSearchParams(bytes.toString('utf8'))) addField(fields, name, value);
    return { fields, files };
  }
  for (const part of parseMultipart(bytes, boundary)) {
    if (part.fileName === null) addField(fields, part.name, part.bytes.toString('utf8'));
    else files.push({ field: part.name, fileName: part.fileName, contentType: part.contentType, bytes: part.bytes });
  }
  return { fields, files };
}

/** `attachments[]` collects, `message[content]` nests, anything else is a plain key. */
function addField(fields: JsonObject, name: string, value: string): void {
  const list = /^(\w+)\[\]$/.exec(name)?.[1];
  if (list !== undefined) {
    const known = fields[list];
    fields[list] = [...(Array.isArray(known) ? (known as unknown[]) : []), value];
    return;
  }
  const nested = /^(\w+)\[(\w+)\]$/.exec(name);
  if (nested?.[1] === undefined || nested[2] === undefined) {
    fields[name] = value;
    return;
  }
  const parent = fields[nested[1]];
  fields[nested[1]] = { ...(typeof parent === 'object' && parent !== null ? parent : {}), [nested[2]]: value };
}
