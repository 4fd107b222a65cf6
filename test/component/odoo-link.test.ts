// Odoo and the bridge, both real: paired, fed by Odoo's outbox, compared with Odoo by the bridge, and what customers get
// when the link breaks.
import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { cacheKey } from '../../bridge/core/cache/keys.ts';
import { callBridge } from '../../scripts/lib/demo/bridge-process.ts';
import { checkShop, everythingSent } from '../sandbox/shop/connect-shop.ts';
import { shop, shopTokens } from '../sandbox/shop/shop.ts';
import { startShop } from '../sandbox/shop/start-shop.ts';
import type { RunningShop } from '../sandbox/shop/start-shop.ts';
import { eventually } from './eventually.ts';

const account_id = shop.accountId;

const Status = z.object({
  kinds: z.record(z.string(), z.object({ documents: z.number(), embedded: z.number(), pending: z.number() })),
});
const Tenant = z.object({ config: z.looseObject({ integrations: z.record(z.string(), z.unknown()) }) });

describe('Odoo, connected with the bridge', () => {
  let running: RunningShop;

  before(async function () {
    // The first run on a machine builds Odoo's template database.
    this.timeout(900_000);
    running = await startShop();
  });
  after(() => running.stop());

  const call = (method: string, params: Record<string, unknown> = {}): Promise<unknown> =>
    callBridge(running.bridge, method, { account_id, ...params });

  async function counts(): Promise<Record<string, number>> {
    const { kinds } = Status.parse(await call('knowledge.status'));
    return Object.fromEntries(Object.entries(kinds).map(([kind, { embedded }]) => [kind, embedded]));
  }

  /** What Odoo itself counts of one kind. */
  const inOdoo = async (kind: string): Promise<number> =>
    Number(
      await running.session.call('integrator.rule', 'search_count', [
        [
          ['kind', '=', kind],
          ['active', '=', true],
        ],
      ]),
    );

  /** Lets the time come at which the bridge compares this tenant with Odoo; it looks every ten seconds. */
  async function letComparisonBeDue(): Promise<void> {
    const redis = new Redis(running.mode.environment['REDIS_URL'] ?? '');
    const place = { accountId: account_id, module: 'sync', resourceType: 'cron', resourceId: 'all' };
    await redis.del(cacheKey({ ...place, action: 'last_run' }));
    redis.disconnect();
  }

  const knows = async (query: string, text: RegExp): Promise<boolean> =>
    text.test(JSON.stringify(await call('knowledge.search', { query })));

  it('the pairing code made a tenant with the settings, inboxes and addresses entered in Odoo', async () => {
    const { config } = Tenant.parse(await call('tenant.get'));
    assert.equal(config['name'], shop.name);
    assert.equal(config['language'], 'pt_BR');
    assert.equal(config['timezone'], 'America/Sao_Paulo');
    assert.deepEqual(config.integrations['chatwoot'], {
      base_url: running.chatwoot.url,
      account_id: shop.chatwootAccountId,
      surface: 'agent_bot',
      inboxes: shop.inboxes.map(({ id, channel }) => ({ id, mode: channel === 'sms' ? 'observe' : 'live' })),
      credential_ref: `${account_id}-chatwoot`,
    });
    const { url, database: db } = running.odoo;
    assert.deepEqual(config.integrations['odoo'], { api: 'auto', url, db, credential_ref: `${account_id}-odoo` });
  });

  it('the credentials entered in Odoo are on the bridge, by name only, and open Chatwoot and Odoo', async () => {
    const { credentials } = z
      .object({ credentials: z.array(z.looseObject({ ref: z.string(), fields: z.array(z.string()) })) })
      .parse(await call('credentials.list'));
    const fields = Object.fromEntries(credentials.map(({ ref, fields: names }) => [ref, [...names].sort()]));
    assert.deepEqual(fields, {
      [`${account_id}-chatwoot`]: ['bot_token', 'user_token', 'webhook_secrets'],
      [`${account_id}-odoo`]: ['api_key', 'login'],
    });
    const checked = await checkShop(running.bridge);
    assert.deepEqual([checked['chatwoot']?.ok, checked['odoo']?.ok], [true, true], JSON.stringify(checked));
  });

  it('no secret is readable in Odoo, in its outbox or audit, or in the bridge log', async () => {
    const places = [
      await running.session.find('integrator.credential', [], ['input_bot_token', 'kept', 'ref']),
      await running.session.find('integrator.outbox', [], []),
      await running.session.find('integrator.call', [], []),
      await call('audit.list'),
      running.log(),
    ].map((place) => JSON.stringify(place));
    for (const place of places) {
      assert.ok(place.length > 2);
      for (const secret of Object.values(shopTokens)) assert.ok(!place.includes(secret), place.slice(0, 200));
    }
    for (const [model, field] of [
      ['integrator.credential', 'sealed'],
      ['integrator.tenant', 'token_sealed'],
    ] as const) {
      await assert.rejects(running.session.find(model, [], [field]), /^Error: Odoo: /);
    }
  });

  it('every rule of Odoo is on the bridge, kind by kind, and carries the badge synced', async () => {
    for (const kind of ['rule', 'faq', 'policy', 'scheduling', 'document']) {
      const expected = await inOdoo(kind);
      assert.ok(expected > 0, kind);
      await eventually(`${expected} documents of kind ${kind}`, async () => (await counts())[kind] === expected);
    }
    const states = await running.session.find('integrator.rule', [['active', '=', true]], ['sync_state']);
    assert.deepEqual([...new Set(states.map((rule) => rule['sync_state']))], ['synced']);
  });

  it('a rule written in Odoo is pushed, changed and taken back without anybody pressing a button', async () => {
    const id = await running.session.create('integrator.rule', {
      name: 'Bicicletário',
      body: 'Temos bicicletário coberto com 12 vagas ao lado da entrada.',
      lang: 'pt_BR',
    });
    await everythingSent(running.session);
    assert.match(await running.ask('Vocês têm bicicletário?'), /12 vagas/);
    await running.session.write('integrator.rule', id, { body: 'O bicicletário agora tem 20 vagas.' });
    await everythingSent(running.session);
    const answer = await running.ask('Vocês têm bicicletário?');
    assert.match(answer, /20 vagas/);
    assert.doesNotMatch(answer, /12 vagas/);
    await running.session.call('integrator.rule', 'unlink', [[id]]);
    await everythingSent(running.session);
    assert.doesNotMatch(await running.ask('Vocês têm bicicletário?'), /vagas/);
  });

  it('what no push told of is found by comparing: a rule that is new in Odoo comes, one that is gone goes', async () => {
    const gone = await running.session.create('integrator.rule', {
      name: 'Chapelaria',
      body: 'Guardamos casacos e capacetes na chapelaria do segundo andar.',
    });
    await everythingSent(running.session);
    assert.ok(await knows('chapelaria para capacetes', /segundo andar/));
    // Past Odoo's own code, so that its outbox hears of neither.
    await running.odoo.postgres.query(
      running.odoo.database,
      `DELETE FROM integrator_rule WHERE id = ${gone};
       INSERT INTO integrator_rule (name, body, kind, lang, active, priority, create_uid, create_date, write_date)
       VALUES ('Fraldário', 'O fraldário fica no térreo, ao lado do caixa 4.', 'rule', 'pt_BR', true, 0, 2, now(), now())`,
    );
    await letComparisonBeDue();
    await eventually('the rule that was missing', () => knows('onde fica o fraldário', /caixa 4/), 60_000);
    await eventually(
      'the rule that is gone to be removed',
      async () => !(await knows('chapelaria para capacetes', /segundo andar/)),
    );
    assert.match(await running.ask('Onde fica o fraldário?'), /caixa 4/);
    assert.deepEqual((await counts())['rule'], await inOdoo('rule'));
  });

  it('with a revoked Odoo key the check says what to do, answers go on, and a renewed key mends it', async () => {
    await running.odoo.postgres.query(
      running.odoo.database,
      `DELETE FROM res_users_apikeys WHERE user_id = (SELECT technical_user_id FROM integrator_tenant)`,
    );
    const { odoo, chatwoot } = await checkShop(running.bridge);
    assert.equal(chatwoot?.ok, true);
    assert.equal(odoo?.ok, false);
    assert.match(odoo.message, /key was refused/);
    assert.match(odoo.fix ?? '', /send the credential again/);
    assert.match(await running.ask('Quais são as formas de pagamento?'), /Pix/);
    const [managed] = await running.session.find('integrator.credential', [['is_managed', '=', true]], ['ref']);
    await running.session.call('integrator.credential', 'action_renew_key', [[Number(managed?.['id'])]]);
    await everythingSent(running.session);
    assert.equal((await checkShop(running.bridge))['odoo']?.ok, true);
  });

  it('with Odoo down the check says so and answers go on', async () => {
    await running.odoo.kill();
    const { odoo } = await checkShop(running.bridge);
    assert.equal(odoo?.ok, false);
    assert.match(odoo.message, /does not answer/);
    assert.match(await running.ask('Quais são as formas de pagamento?'), /Pix/);
  });
});
