import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEmbeddedStores } from '../../../bridge/adapters/embedded/open-embedded-stores.ts';
import { yamlText } from '../../../bridge/adapters/files/yaml-text.ts';
import { Budgets } from '../../../bridge/core/cost/budgets.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { Metrics } from '../../../bridge/core/ports/metrics.ts';
import type { UsageLedger } from '../../../bridge/core/ports/usage-ledger.ts';
import type { Stores } from '../../../bridge/core/stores.ts';
import { eventually } from '../../component/eventually.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { makeTenant } from '../crew/make-turn.ts';

const monthly_budget = { amount: 100, currency: 'BRL', usd_rate: 5, warn_at: 0.8 };
const tenant = makeTenant({ limits: { monthly_budget } });

const away = () => Promise.reject(new BridgeError('upstream_unavailable', 'away'));

describe('a monthly budget', () => {
  let folder: string;
  let stores: Stores;
  let counted: string[];
  const clock = { nowMs: 0, now: () => clock.nowMs };
  const log = quietLog();
  const metrics: Metrics = { count: (name) => void counted.push(name), time: () => undefined };
  const budgets = (usage = stores.usage) => new Budgets({ usage, clock, logger: log, metrics });
  const spend = (day: string, amount: number, currency = 'BRL') =>
    stores.usage.add(tenant.accountId, day, { [`cost:${currency}`]: amount });

  beforeEach(async () => {
    clock.nowMs = Date.parse('2026-11-21T12:00:00Z');
    counted = [];
    folder = mkdtempSync(path.join(tmpdir(), 'ui-budget-'));
    stores = await openEmbeddedStores({ dataDir: folder, clock, logger: log, yaml: yamlText });
  });
  afterEach(async () => {
    await stores.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is spent when the days of this month together reach it; other months do not count', async () => {
    await spend('2026-10-31', 500);
    await spend('2026-11-01', 60);
    assert.equal(await budgets().isSpent(tenant), false);
    await spend('2026-11-20', 40);
    assert.equal(await budgets().isSpent(tenant), true);
    clock.nowMs = Date.parse('2026-12-02T12:00:00Z');
    assert.equal(await budgets().isSpent(tenant), false);
  });

  it('goes by the tenant’s own calendar', async () => {
    await spend('2026-11-21', 100);
    clock.nowMs = Date.parse('2026-12-01T02:59:00Z');
    assert.equal(await budgets().isSpent(tenant), true, 'still November in São Paulo');
    clock.nowMs = Date.parse('2026-12-01T03:01:00Z');
    assert.equal(await budgets().isSpent(tenant), false);
  });

  it('counts what was paid in dollars before it was set', async () => {
    await spend('2026-11-03', 10, 'USD');
    assert.equal((await budgets().spendingOf(tenant)).spent, 50);
  });

  it('one is never spent where none is set, and spending is shown all the same', async () => {
    await spend('2026-11-21', 1_000, 'USD');
    const free = makeTenant();
    assert.equal(await budgets().isSpent(free), false);
    assert.deepEqual(await budgets().spendingOf(free), {
      currency: 'USD',
      spent: 1_000,
      budget: null,
      unpricedCalls: 0,
    });
  });

  it('warns once when it is nearly spent and once when it is, whichever instance sees it', async () => {
    await spend('2026-11-21', 80);
    assert.deepEqual([await budgets().isSpent(tenant), await budgets().isSpent(tenant)], [false, false]);
    assert.deepEqual(counted, ['budget_nearly_spent']);
    await spend('2026-11-21', 20);
    assert.deepEqual([await budgets().isSpent(tenant), await budgets().isSpent(tenant)], [true, true]);
    assert.deepEqual(counted, ['budget_nearly_spent', 'budget_spent']);
  });

  it('is not read for every turn, and a raised one counts at once', async () => {
    const one = budgets();
    assert.equal(await one.isSpent(tenant), false);
    await spend('2026-11-21', 100);
    assert.equal(await one.isSpent(tenant), false, 'what was known a moment ago');
    clock.nowMs += 10_000;
    assert.equal(await one.isSpent(tenant), false, 'nobody waits for the ledger');
    await eventually('the ledger to be read', () => one.isSpent(tenant));
    const raised = {
      ...makeTenant({ limits: { monthly_budget: { ...monthly_budget, amount: 200 } } }),
      fingerprint: 'raised',
    };
    assert.equal(await one.isSpent(raised), false);
  });

  it('that was spent stays so while the ledger is away', async () => {
    let isAway = false;
    const range = (...asked: Parameters<UsageLedger['range']>) => (isAway ? away() : stores.usage.range(...asked));
    const one = budgets({ add: away, range });
    await spend('2026-11-21', 100);
    assert.equal(await one.isSpent(tenant), true);
    isAway = true;
    clock.nowMs += 10_000;
    await one.isSpent(tenant);
    await eventually('a look in vain', async () => log.lines.some(({ message }) => message === 'budget.unknown'));
    assert.equal(await one.isSpent(tenant), true);
  });

  it('nobody can tell about stops no answer', async () => {
    assert.equal(await budgets({ add: away, range: away }).isSpent(tenant), false);
    await assert.rejects(budgets({ add: away, range: away }).spendingOf(tenant));
  });
});
