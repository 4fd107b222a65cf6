// One journal record as a line of text: `<bytes> <crc32> <json>`. Length and checksum tell a torn or damaged line from
// a whole one, and because JSON never holds a raw line feed, reading always finds the next line again.
import { crc32 } from 'node:zlib';

/** `[table, key, value]` sets, `[table, key]` removes. Absolute, so that applying a record twice changes nothing. */
export type Change = [table: string, key: string, value: unknown] | [table: string, key: string];

/** What happens together: after a crash a record counts whole or not at all. */
export interface JournalRecord {
  v: number;
  changes: Change[];
}

export const recordVersion = 1;

export function encodeRecord(changes: Change[]): string {
  const json = JSON.stringify({ v: recordVersion, changes });
  return `${Buffer.byteLength(json)} ${crc32(json).toString(16)} ${json}\n`;
}

/** The record in a line (without its line feed), or null when the line is not whole. Newer versions are read as ours. */
export function decodeRecord(line: Buffer): JournalRecord | null {
  const afterLength = line.indexOf(0x20);
  const afterChecksum = line.indexOf(0x20, afterLength + 1);
  if (afterLength < 1 || afterChecksum < 0) return null;
  const json = line.subarray(afterChecksum + 1);
  if (Number(line.toString('latin1', 0, afterLength)) !== json.length) return null;
  if (Number.parseInt(line.toString('latin1', afterLength + 1, afterChecksum), 16) !== crc32(json)) return null;
  return parse(json.toString('utf8'));
}

function parse(json: string): JournalRecord | null {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is JournalRecord {
  return typeof value === 'object' && value !== null && 'changes' in value && Array.isArray(value.changes);
}
