// Redis ends while messages flow and comes back later: nothing lost, nothing answered twice, nothing out of order, and
// customers are answered meanwhile. One instance, and two behind a balancer that hashes by conversation. A smoke by
// default; CHAOS=full (`scripts/test chaos --full`) keeps Redis away for 60 s. The seed is printed, CHAOS_SEED repeats it.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Installation } from '../component/installation.ts';
import { startRedis } from '../sandbox/servers/redis-server.ts';
import type { RedisServer } from '../sandbox/servers/redis-server.ts';
import { startHashingFront } from './hashing-front.ts';
import { judge, questions, randomFrom, usualAnswers } from './verdict.ts';

const isFull = process.env['CHAOS'] === 'full';
/** Seconds with messages before, without and after Redis. */
const plan = isFull
  ? { messages: 2_000, conversations: 300, beforeMs: 15_000, awayMs: 60_000, afterMs: 25_000 }
  : { messages: 60, conversations: 20, beforeMs: 3_000, awayMs: 12_000, afterMs: 3_000 };
const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);

const setups = [
  { name: 'one instance', instances: 1, hangs: false },
  { name: 'two instances, hashed by conversation', instances: 2, hangs: false },
  { name: 'one instance, a Redis that hangs', instances: 1, hangs: true },
];

for (const { name, instances, hangs } of setups) {
  describe(`Redis away while messages flow (${name})`, function () {
    this.timeout(isFull ? 900_000 : 180_000);
    let redis: RedisServer;
    let installation: Installation;

    before(async () => {
      redis = await startRedis();
      installation = await Installation.start({
        instances,
        environment: {
          REDIS_URL: redis.url,
          BRIDGE_ADMIN_TOKEN: randomBytes(24).toString('hex'),
          BRIDGE_MASTER_KEY: randomBytes(32).toString('base64'),
          LOG_LEVEL: 'info',
        },
        front: (_first, all) => startHashingFront(all),
      });
    });
    after(async () => {
      await installation.stop();
      await redis.stop();
    });

    it(`${plan.messages} messages, Redis away for ${plan.awayMs / 1_000} s: lost 0, twice 0, in order, answered meanwhile`, async () => {
      const random = randomFrom(seed);
      const answers = await usualAnswers(installation);
      const asked: Awaited<ReturnType<Installation['ask']>>[] = [];
      const paceMs = (plan.beforeMs + plan.awayMs + plan.afterMs) / plan.messages;
      /** Messages at an even pace; one in four begins a burst with the next one. */
      const flow = async (durationMs: number) => {
        const untilMs = performance.now() + durationMs;
        let who = 0;
        let inBurst = false;
        while (performance.now() < untilMs) {
          if (!inBurst) who = Math.floor(random() * plan.conversations);
          inBurst = random() < 0.25;
          const contact = { name: 'Cliente', phone_number: `+55119${String(10_000_000 + who)}` };
          asked.push(await installation.ask(questions[Math.floor(random() * questions.length)] ?? '', { contact }));
          await delay(inBurst ? 20 : paceMs * (0.5 + random()));
        }
      };
      await flow(plan.beforeMs);
      const atStop = { asked: asked.length, replies: repliesIn(installation, asked) };
      const freeze = hangs ? (redis.identity()?.pid ?? null) : null;
      if (freeze !== null) process.kill(freeze, 'SIGSTOP');
      else if (random() < 0.5) await redis.kill();
      else await redis.stop();
      await flow(plan.awayMs);
      const askedMeanwhile = asked.slice(atStop.asked);
      const answeredMeanwhile = repliesIn(installation, asked) - atStop.replies;
      if (freeze !== null) process.kill(freeze, 'SIGCONT');
      else await redis.start();
      await flow(plan.afterMs);
      await installation.quiet(300_000);
      const { wrong, ...verdict } = judge(installation, asked, answers);
      const counts = {
        messages: asked.length,
        asked_meanwhile: askedMeanwhile.length,
        conversations_meanwhile: new Set(askedMeanwhile.map(({ conversation }) => conversation)).size,
        replies_meanwhile: answeredMeanwhile,
        ...verdict,
      };
      process.stdout.write(`      seed ${seed}: ${JSON.stringify(counts)}\n`);
      for (const line of wrong) process.stdout.write(`      ${line}\n`);
      assert.equal(verdict.unanswered, 0, 'lost');
      assert.equal(verdict.twice, 0, 'twice');
      assert.equal(verdict.outOfOrder, 0, 'out of order');
      assert.equal(verdict.withPeople, 0, 'handed over without need');
      assert.ok(answeredMeanwhile > 0, 'customers are answered meanwhile');
      assert.deepEqual(installation.api.violations, []);
    });
  });
}

function repliesIn(installation: Installation, asked: readonly { account: number; conversation: number }[]): number {
  const references = [...new Map(asked.map((reference) => [reference.conversation, reference])).values()];
  return references.reduce((sum, reference) => sum + installation.repliesIn(reference).length, 0);
}
