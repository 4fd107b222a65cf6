// Tenants of the webhook path: looked up once a moment, never kept after news of a change.
import assert from 'node:assert/strict';
import type { Tenant } from '../../../bridge/core/tenant.ts';
import { TenantConfig } from '../../../bridge/core/tenant.ts';
import { readyTenant } from '../../../bridge/core/tenants/ready-tenant.ts';
import { RecentTenants } from '../../../bridge/core/tenants/recent-tenants.ts';
import { gate } from '../../fixtures/gate.ts';
import { HandClock } from '../hub/world/hand-clock.ts';

function shop(revision: number): Tenant {
  const config = TenantConfig.parse({ account_id: 'loja', name: 'Loja' });
  return readyTenant(config, { accountId: 'loja', domain: 'retail', revision, managedBy: 'rpc' });
}

describe('recent tenants', () => {
  let clock: HandClock;
  let asked: number;
  let stored: Tenant | null;
  let answer: () => Promise<unknown>;
  let recent: RecentTenants;

  beforeEach(() => {
    [clock, asked, stored, answer] = [new HandClock(), 0, shop(1), async () => undefined];
    const find = async () => {
      asked += 1;
      const found = stored;
      await answer();
      return found;
    };
    recent = new RecentTenants({ find, list: async () => [], disabled: () => [] }, clock);
  });

  const revision = async () => (await recent.find('loja'))?.revision ?? null;

  it('the store is asked once a moment', async () => {
    for (let delivery = 0; delivery < 10; delivery++) assert.equal(await revision(), 1);
    assert.equal(asked, 1);
  });

  it('a change is seen at once when there is news of it, and after a second when the news was lost', async () => {
    await revision();
    stored = shop(2);
    recent.forget();
    assert.equal(await revision(), 2);
    stored = shop(3);
    clock.move(1_000);
    assert.equal(await revision(), 3);
  });

  it('what was being read while it changed is not kept', async () => {
    const storeIsSlow = gate<undefined>();
    answer = () => storeIsSlow.promise;
    const reading = revision();
    stored = shop(2);
    recent.forget();
    storeIsSlow.open(undefined);
    assert.equal(await reading, 1);
    assert.equal(await revision(), 2);
  });

  it('a tenant that is not there is looked for every time', async () => {
    stored = null;
    assert.equal(await revision(), null);
    stored = shop(1);
    assert.equal(await revision(), 1);
  });
});
