// Kills at random moments while messages flow, half of them inside the POST to Chatwoot, before it stored or after it stored
// and before it answered; besides, lost answers, errors, deliveries that come twice, and two surfaces that bring each
// message. Nothing lost, nothing answered twice, nothing out of order: with one bridge on its journal, and with two that
// share a Redis. A smoke by default; CHAOS=full (`scripts/test chaos --full`) is the long form. The seed is printed, and
// CHAOS_SEED repeats a run's choices.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Installation } from '../component/installation.ts';
import { modes } from '../component/modes.ts';
import type { Mode } from '../component/modes.ts';
import { callsMade } from './calls-made.ts';
import { startPatientProxy } from './patient-proxy.ts';
import { judge, questions, randomFrom, usualAnswers } from './verdict.ts';
import { startWatchingProxy } from './watching-proxy.ts';
import type { WatchingProxy } from './watching-proxy.ts';

const isFull = process.env['CHAOS'] === 'full';
const plan = isFull
  ? { kills: 100, conversations: 300, messages: 2_000 }
  : { kills: 5, conversations: 20, messages: 60 };
const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);

const setups = [
  { name: 'embedded', instances: 1 },
  { name: 'redis', instances: 2 },
] as const;

for (const { name, instances } of setups) {
  describe(`kills while messages flow (${name}, ${instances === 1 ? 'one instance' : 'two instances'})`, function () {
    this.timeout(isFull ? 3_600_000 : 300_000);
    let mode: Mode;
    let installation: Installation;
    let proxy: WatchingProxy;

    before(async () => {
      mode = await modes[name]();
      installation = await Installation.start({
        instances,
        environment: { ...mode.environment, LOG_LEVEL: 'info' },
        accountWebhook: true,
        front: startPatientProxy,
        chatwootFront: async (url) => (proxy = await startWatchingProxy(url)),
        environmentOf: (instance) => proxy.environmentOf(instance),
      });
    });
    after(async () => {
      await installation.stop();
      await mode.stop();
    });

    it(`${plan.messages} messages, ${plan.kills} kills: lost 0, twice 0, in order`, async () => {
      const random = randomFrom(seed);
      const chance = (share: number) => random() < share;
      const answers = await usualAnswers(installation);
      const asked: Awaited<ReturnType<Installation['ask']>>[] = [];
      const counts = { beforeStore: 0, afterStore: 0, anywhere: 0, lostAnswers: 0, errors: 0, duplicates: 0 };
      const { api } = installation;

      /** Trouble for some call or delivery to come. */
      const trouble = () => {
        if (chance(0.3)) {
          api.fault({ path: 'messages.create', when: 'after-store', action: 'cut' });
          counts.lostAnswers += 1;
        }
        if (chance(0.3)) {
          const when = chance(0.5) ? 'after-store' : 'before-store';
          api.fault({ path: 'messages.create', when, action: 'error', status: 500, skip: Math.floor(random() * 5) });
          counts.errors += 1;
        }
        if (chance(0.5)) {
          const surface = chance(0.5) ? 'agent_bot' : 'account_webhook';
          api.misbehave({
            action: chance(0.5) ? 'duplicate' : 'republish',
            surface,
            event: 'message_created',
            count: 3,
          });
          counts.duplicates += 3;
        }
      };
      /** Bursts of one to four messages of one customer. */
      const write = async (messages: number) => {
        for (let left = messages; left > 0;) {
          const who = Math.floor(random() * plan.conversations);
          const contact = { name: 'Cliente', phone_number: `+55119${String(10_000_000 + who)}` };
          const burst = Math.min(left, chance(0.4) ? 2 + Math.floor(random() * 3) : 1);
          for (let index = 0; index < burst; index++) {
            asked.push(await installation.ask(questions[Math.floor(random() * questions.length)] ?? '', { contact }));
            await delay(20);
          }
          left -= burst;
        }
      };
      const restarting = Array.from({ length: instances }, () => Promise.resolve());
      const killOne = async (victim: number) => {
        await installation.kill(victim);
        restarting[victim] = installation.restart(victim);
        // Awaited before its next kill; until then nobody listens.
        restarting[victim].catch(() => undefined);
      };

      const delivered = () => api.deliveriesTo('agent_bot').filter(({ state }) => state === 'delivered').length;
      for (let kill = 0; kill < plan.kills; kill++) {
        const when = chance(0.5) ? ('before-store' as const) : ('after-store' as const);
        const picked = Math.floor(random() * instances);
        const pauseMs = random() * 600;
        trouble();
        await Promise.all(restarting);
        const hold = kill % 2 === 0 ? api.holdNext({ path: 'messages.create', when }) : null;
        const before = delivered();
        const upTo = Math.round(((kill + 1) * plan.messages) / plan.kills);
        await write(upTo - asked.length);
        if (hold) {
          const { path } = await hold.reached;
          const inside = proxy.callerOf(path);
          assert.ok(inside !== null, 'a bridge stands inside this POST');
          await killOne(inside);
          hold.release();
          counts[when === 'before-store' ? 'beforeStore' : 'afterStore'] += 1;
        } else {
          await api.waitFor('a delivery', () => delivered() > before, 60_000);
          await delay(pauseMs);
          await killOne(picked);
          counts.anywhere += 1;
        }
      }
      await Promise.all(restarting);
      api.clearFaults();
      await installation.quiet(300_000);
      const { wrong, ...verdict } = judge(installation, asked, answers);
      process.stdout.write(
        `      seed ${seed}: ${JSON.stringify({ messages: asked.length, kills: plan.kills, ...counts, ...verdict })}\n`,
      );
      process.stdout.write(`      calls: ${JSON.stringify(callsMade(installation))}\n`);
      for (const line of wrong) process.stdout.write(`      ${line}\n`);
      assert.equal(asked.length, plan.messages);
      assert.equal(verdict.unanswered, 0, 'lost');
      assert.equal(verdict.twice, 0, 'twice');
      assert.equal(verdict.outOfOrder, 0, 'out of order');
      assert.equal(verdict.withPeople, 0, 'handed over without need');
      assert.equal(callsMade(installation).refused, 0, 'calls Chatwoot refused');
      assert.deepEqual(api.violations, []);
    });
  });
}
