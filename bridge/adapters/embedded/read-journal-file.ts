// Reads a journal file from the start, record by record, without holding the file in memory. It knows one thing more
// than lines: what is broken at the end is the torn tail of a crash, what is broken before it is damage to report.
import { createReadStream } from 'node:fs';
import { decodeRecord, type JournalRecord } from './journal-record.ts';

export interface BrokenSpan {
  offset: number;
  bytes: number;
}

export interface JournalFileReading {
  /** Where the last whole record ends: everything after it is the torn tail. */
  goodEnd: number;
  size: number;
  /** Broken lines with whole records after them. */
  damage: BrokenSpan[];
}

const chunkBytes = 1 << 20;
const lineFeed = 0x0a;

export async function readJournalFile(
  path: string,
  apply: (record: JournalRecord) => void,
): Promise<JournalFileReading> {
  const reading: JournalFileReading = { goodEnd: 0, size: 0, damage: [] };
  const broken: BrokenSpan[] = [];
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>) {
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = data.indexOf(lineFeed); end >= 0; end = data.indexOf(lineFeed, start)) {
      takeLine(data.subarray(start, end), reading, broken, apply);
      start = end + 1;
    }
    rest = data.subarray(start);
  }
  reading.size += rest.length;
  return reading;
}

function takeLine(
  line: Buffer,
  reading: JournalFileReading,
  broken: BrokenSpan[],
  apply: (record: JournalRecord) => void,
): void {
  const offset = reading.size;
  reading.size += line.length + 1;
  const record = decodeRecord(line);
  if (record === null) {
    broken.push({ offset, bytes: line.length + 1 });
    return;
  }
  reading.damage.push(...broken.splice(0));
  reading.goodEnd = reading.size;
  apply(record);
}
