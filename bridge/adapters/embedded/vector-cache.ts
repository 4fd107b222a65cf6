// Vectors on disk, so that a restart embeds nothing again. One file per model, records of one length: key, checksum,
// floats. Appended without fsync, since losing some costs only time; a torn or damaged record is a record we do not have.
import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { EmbeddingModel, VectorCache } from '../../core/ports/embedder.ts';

const keyBytes = 32;
const checksumBytes = 4;
/** Beyond this the older half is dropped when the file is opened. */
const mostRecords = 200_000;
const recordsAtOnce = 512;

export class EmbeddedVectorCache implements VectorCache {
  readonly #folder: string;
  readonly #files = new Map<string, Promise<VectorFile>>();

  /** @param folder made when the first vector is kept */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async get(model: EmbeddingModel, textHashes: string[]): Promise<(Float32Array | null)[]> {
    const file = await this.#open(model);
    return file.get(textHashes.map(toKey));
  }

  async put(model: EmbeddingModel, vectors: { textHash: string; vector: Float32Array }[]): Promise<void> {
    const file = await this.#open(model);
    await file.put(vectors.map(({ textHash, vector }) => ({ key: toKey(textHash), vector })));
  }

  async close(): Promise<void> {
    const files = await Promise.all(this.#files.values());
    this.#files.clear();
    await Promise.all(files.map((file) => file.close()));
  }

  #open({ model, dimensions }: EmbeddingModel): Promise<VectorFile> {
    const name = `${createHash('sha256').update(`${model} ${dimensions}`).digest('hex').slice(0, 16)}.vectors`;
    const opened = this.#files.get(name) ?? openVectorFile(this.#folder, name, dimensions);
    this.#files.set(name, opened);
    opened.catch(() => this.#files.delete(name));
    return opened;
  }
}

/** Any text hash → 32 bytes. */
function toKey(textHash: string): Buffer {
  return createHash('sha256').update(textHash).digest();
}

async function openVectorFile(folder: string, name: string, dimensions: number): Promise<VectorFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, name);
  const file = await VectorFile.open(path, dimensions);
  if (file.records <= mostRecords) return file;
  const newer = await file.newest(mostRecords / 2);
  await file.close();
  await rm(`${path}.new`, { force: true });
  const smaller = await VectorFile.open(`${path}.new`, dimensions);
  await smaller.put(newer);
  await smaller.close();
  await rename(`${path}.new`, path);
  return VectorFile.open(path, dimensions);
}

interface KeyedVector {
  key: Buffer;
  vector: Float32Array;
}

class VectorFile {
  readonly #handle: FileHandle;
  readonly #dimensions: number;
  /** Key in hex → record number; later records win. */
  readonly #places = new Map<string, number>();
  #records = 0;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(handle: FileHandle, dimensions: number) {
    this.#handle = handle;
    this.#dimensions = dimensions;
  }

  static async open(path: string, dimensions: number): Promise<VectorFile> {
    const file = new VectorFile(await open(path, 'a+', 0o600), dimensions);
    await file.#readKeys();
    return file;
  }

  get records(): number {
    return this.#records;
  }

  async get(keys: Buffer[]): Promise<(Float32Array | null)[]> {
    const wanted = new Map<number, Float32Array | null>();
    for (const key of keys) {
      const place = this.#places.get(key.toString('hex'));
      if (place !== undefined) wanted.set(place, null);
    }
    for (const run of runsOf([...wanted.keys()])) {
      const bytes = await this.#read(run.first, run.last - run.first + 1);
      for (const place of run.places) wanted.set(place, this.#vectorAt(bytes, place - run.first));
    }
    return keys.map((key) => wanted.get(this.#places.get(key.toString('hex')) ?? -1) ?? null);
  }

  async put(vectors: KeyedVector[]): Promise<void> {
    const records = vectors
      .filter(({ key }) => !this.#places.has(key.toString('hex')))
      .map(({ key, vector }) => ({ key, bytes: encode(key, vector) }));
    if (records.length === 0) return;
    this.#writing = this.#writing.then(() => this.#append(records));
    await this.#writing;
  }

  async newest(count: number): Promise<KeyedVector[]> {
    const places = [...this.#places].filter(([, place]) => place >= this.#records - count);
    const keys = places.map(([key]) => Buffer.from(key, 'hex'));
    const vectors = await this.get(keys);
    return keys.flatMap((key, i) => (vectors[i] ? [{ key, vector: vectors[i] }] : []));
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#handle.close();
  }

  get #recordBytes(): number {
    return keyBytes + checksumBytes + this.#dimensions * Float32Array.BYTES_PER_ELEMENT;
  }

  async #append(records: { key: Buffer; bytes: Buffer }[]): Promise<void> {
    await this.#handle.appendFile(Buffer.concat(records.map(({ bytes }) => bytes)));
    for (const { key } of records) this.#places.set(key.toString('hex'), this.#records++);
  }

  async #readKeys(): Promise<void> {
    const { size } = await this.#handle.stat();
    const records = Math.floor(size / this.#recordBytes);
    if (size % this.#recordBytes !== 0) await this.#handle.truncate(records * this.#recordBytes);
    for (let first = 0; first < records; first += recordsAtOnce) {
      const count = Math.min(recordsAtOnce, records - first);
      const bytes = await this.#read(first, count);
      for (let i = 0; i < count; i++) {
        const at = i * this.#recordBytes;
        this.#places.set(bytes.toString('hex', at, at + keyBytes), first + i);
      }
    }
    this.#records = records;
  }

  async #read(first: number, count: number): Promise<Buffer> {
    const bytes = Buffer.alloc(count * this.#recordBytes);
    await this.#handle.read(bytes, 0, bytes.length, first * this.#recordBytes);
    return bytes;
  }

  #vectorAt(bytes: Buffer, record: number): Float32Array | null {
    const at = record * this.#recordBytes + keyBytes;
    const floats = bytes.subarray(at + checksumBytes, at - keyBytes + this.#recordBytes);
    if (crc32(floats) !== bytes.readUInt32LE(at)) return null;
    const vector = new Float32Array(this.#dimensions);
    new Uint8Array(vector.buffer).set(floats);
    return vector;
  }
}

function encode(key: Buffer, vector: Float32Array): Buffer {
  const floats = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
  const checksum = Buffer.alloc(checksumBytes);
  checksum.writeUInt32LE(crc32(floats));
  return Buffer.concat([key, checksum, floats]);
}

/** Neighbouring records are read together. */
function runsOf(places: number[]): { first: number; last: number; places: number[] }[] {
  const runs: { first: number; last: number; places: number[] }[] = [];
  for (const place of places.toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && place - run.first < recordsAtOnce) {
      run.last = place;
      run.places.push(place);
    } else runs.push({ first: place, last: place, places: [place] });
  }
  return runs;
}
