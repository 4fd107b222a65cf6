// Knowledge documents in Redis: a hash a tenant, a revision counter, and a bounded stream that says which references each
// revision touched. Every instance follows the stream to keep its own index.
import { parseRefKey, refKey, type DocumentRef, type StoredDocument } from '../../core/knowledge/document.ts';
import type { DocumentChanges, DocumentStore } from '../../core/ports/document-store.ts';
import type { Logger } from '../../core/ports/logger.ts';
import { redisScript, type RedisConnection } from './connection.ts';
import { readAllStored } from './stored-json.ts';

const documentsPerStep = 500;
const changesKept = 1000;

/** Keys: documents, revision, changes. Arguments: changes kept, then key and document in turn. */
const upsertScript = redisScript(`
local touched = {}
for i = 2, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  touched[#touched + 1] = ARGV[i]
end
local revision = redis.call('INCR', KEYS[2])
redis.call('XADD', KEYS[3], 'MAXLEN', ARGV[1], revision .. '-0', 'touched', cjson.encode(touched))
return revision
`);

/** Keys: documents, revision, changes. Arguments: changes kept, then keys. */
const removeScript = redisScript(`
local removed = {}
for i = 2, #ARGV do
  if redis.call('HDEL', KEYS[1], ARGV[i]) == 1 then removed[#removed + 1] = ARGV[i] end
end
if #removed == 0 then return 0 end
local revision = redis.call('INCR', KEYS[2])
redis.call('XADD', KEYS[3], 'MAXLEN', ARGV[1], revision .. '-0', 'touched', cjson.encode(removed))
return #removed
`);

/** The changes go as well: whoever is behind reads everything again, which is nothing. */
const removeAllScript = redisScript(`
local count = redis.call('HLEN', KEYS[1])
if count == 0 then return 0 end
redis.call('INCR', KEYS[2])
redis.call('UNLINK', KEYS[1], KEYS[3])
return count
`);

export class RedisDocumentStore implements DocumentStore {
  readonly #redis: RedisConnection;
  readonly #logger: Logger;

  constructor(redis: RedisConnection, logger: Logger) {
    this.#redis = redis;
    this.#logger = logger;
  }

  async upsert(accountId: string, documents: StoredDocument[]): Promise<void> {
    for (const part of inSteps(documents)) {
      const pairs = part.flatMap((stored) => [refKey(stored.document), JSON.stringify(stored)]);
      await this.#redis.script(upsertScript, keysOf(accountId), [changesKept, ...pairs]);
    }
  }

  async remove(accountId: string, refs: DocumentRef[]): Promise<number> {
    let removed = 0;
    for (const part of inSteps(refs)) {
      removed += Number(await this.#redis.script(removeScript, keysOf(accountId), [changesKept, ...part.map(refKey)]));
    }
    return removed;
  }

  async get(accountId: string, refs: DocumentRef[]): Promise<StoredDocument[]> {
    const found: StoredDocument[] = [];
    for (const part of inSteps(refs)) {
      const texts = await this.#redis.run((client) => client.hmget(documentsKey(accountId), ...part.map(refKey)));
      found.push(...readAllStored<StoredDocument>(texts, documentsKey(accountId), this.#logger));
    }
    return found;
  }

  /** In steps, so that a large tenant does not hold up the others; a document may come from during the reading. */
  async all(accountId: string): Promise<StoredDocument[]> {
    const key = documentsKey(accountId);
    const texts = new Map<string, string>();
    let cursor = '0';
    do {
      const [next, pairs] = await this.#redis.run((client) => client.hscan(key, cursor, 'COUNT', documentsPerStep));
      for (let index = 0; index + 1 < pairs.length; index += 2) texts.set(pairs[index] ?? '', pairs[index + 1] ?? '');
      cursor = next;
    } while (cursor !== '0');
    return readAllStored<StoredDocument>([...texts.values()], key, this.#logger);
  }

  async removeAll(accountId: string): Promise<number> {
    return Number(await this.#redis.script(removeAllScript, keysOf(accountId), []));
  }

  async revision(accountId: string): Promise<number> {
    return Number((await this.#redis.run((client) => client.get(revisionKey(accountId)))) ?? 0);
  }

  async changesSince(accountId: string, revision: number): Promise<DocumentChanges | null> {
    const [current, changes] = (await this.#redis.transaction((commands) => {
      commands.get(revisionKey(accountId));
      commands.xrange(changesKey(accountId), `${revision + 1}-0`, '+');
    })) as [string | null, [id: string, fields: string[]][]];
    const now = Number(current ?? 0);
    // Revisions have no gaps, so fewer changes than steps means the oldest of them are gone.
    if (revision > now || changes.length < now - revision) return null;
    const touched = [...new Set(changes.flatMap(([, fields]) => JSON.parse(fields[1] ?? '[]') as string[]))];
    const upserted = await this.get(accountId, touched.map(parseRefKey));
    const present = new Set(upserted.map(({ document }) => refKey(document)));
    return { revision: now, upserted, removed: touched.filter((key) => !present.has(key)).map(parseRefKey) };
  }
}

function inSteps<T>(items: T[]): T[][] {
  const steps: T[][] = [];
  for (let start = 0; start < items.length; start += documentsPerStep) {
    steps.push(items.slice(start, start + documentsPerStep));
  }
  return steps;
}

function keysOf(accountId: string): string[] {
  return [documentsKey(accountId), revisionKey(accountId), changesKey(accountId)];
}

function documentsKey(accountId: string): string {
  return `ui:documents:${accountId}`;
}

function revisionKey(accountId: string): string {
  return `ui:documents-revision:${accountId}`;
}

function changesKey(accountId: string): string {
  return `ui:documents-changes:${accountId}`;
}
