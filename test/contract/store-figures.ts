// Figures of the stores on this machine, printed and never asserted: node --import ts-blank-space/register
// test/contract/store-figures.ts. Mail is stored at a steady rate and then as fast as it goes; a data folder with a thousand
// tenants is opened.
import { startRedis } from '../sandbox/servers/redis-server.ts';
import type { Stores } from '../../bridge/core/stores.ts';
import { openEmbeddedWorld } from './embedded-world.ts';
import { openRedisWorld } from './redis-world.ts';
import { customerMail, storedDocument } from './store-samples.ts';

const perSecond = 300;
const seconds = 10;
const atOnce = 200;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function percentile(values: number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
}

async function timedStore({ mailbox }: Stores, number: number, times: number[]): Promise<void> {
  const began = performance.now();
  await mailbox.store(customerMail({ accountId: 'acme', conversationId: number % 400 }, number, { nowMs: Date.now() }));
  times.push(performance.now() - began);
}

async function steady(stores: Stores): Promise<string> {
  const times: number[] = [];
  const began = performance.now();
  const all: Promise<void>[] = [];
  while (all.length < perSecond * seconds) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const due = Math.floor(((performance.now() - began) / 1000) * perSecond);
    while (all.length < Math.min(due, perSecond * seconds)) all.push(timedStore(stores, all.length, times));
  }
  await Promise.all(all);
  return `${perSecond}/s for ${seconds} s: p50 ${percentile(times, 0.5)} ms, p95 ${percentile(times, 0.95)} ms, p99 ${percentile(times, 0.99)} ms`;
}

async function fullSpeed(stores: Stores, first: number, count: number): Promise<string> {
  const times: number[] = [];
  const began = performance.now();
  let next = first;
  const lane = async (): Promise<void> => {
    while (next < first + count) await timedStore(stores, (next += 1), times);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  const rate = Math.round(count / ((performance.now() - began) / 1000));
  return `${atOnce} at once: ${rate}/s, p50 ${percentile(times, 0.5)} ms, p99 ${percentile(times, 0.99)} ms`;
}

async function manyTenants(): Promise<string> {
  const world = await openEmbeddedWorld();
  const ids = Array.from({ length: 1_000 }, (_, index) => `tenant-${index}`);
  for (const accountId of ids) {
    await world.stores.tenants.put(
      { accountId, domain: 'retail', config: { account_id: accountId, name: accountId } },
      0,
    );
    await world.stores.documents.upsert(accountId, [storedDocument('a'), storedDocument('b')]);
  }
  const began = performance.now();
  await world.reopen();
  const opened = performance.now() - began;
  for (const accountId of ids.slice(0, 50)) await world.stores.documents.all(accountId);
  const residentMb = Math.round(process.memoryUsage().rss / 2 ** 20);
  await world.close();
  return `copied, closed and opened in ${Math.round(opened)} ms; ${residentMb} MB resident with 50 of them read`;
}

const embedded = await openEmbeddedWorld();
say(`embedded mailbox, ${await steady(embedded.stores)}`);
say(`embedded mailbox, ${await fullSpeed(embedded.stores, 100_000, 20_000)}`);
await embedded.close();
say(`1 000 tenants: ${await manyTenants()}`);
const server = await startRedis();
const redis = await openRedisWorld(server);
say(`Redis mailbox (appendfsync always), ${await steady(redis.stores)}`);
say(`Redis mailbox (appendfsync always), ${await fullSpeed(redis.stores, 100_000, 20_000)}`);
await redis.close();
await server.stop();
