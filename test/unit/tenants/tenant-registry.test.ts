import assert from 'node:assert/strict';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { ConfigLayer, TenantFiles, TenantLayer } from '../../../bridge/core/ports/tenant-source.ts';
import type { StoredTenant, TenantStore } from '../../../bridge/core/ports/tenant-store.ts';
import { LayeredTenantRegistry } from '../../../bridge/core/tenants/tenant-registry.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';

const layer = (file: string, content: unknown): ConfigLayer => ({ file, content, problem: null });

function tenantLayer(folder: string, more: object = {}, domain = 'shops'): TenantLayer {
  const content = { account_id: folder, name: `Name of ${folder}`, ...more };
  return { ...layer(`${domain}/${folder}/config.yaml`, content), domain, folder };
}

function files(tenants: TenantLayer[], more: Partial<TenantFiles> = {}): TenantFiles {
  return { base: [layer('_base/defaults.yaml', { handoff: { team: 'base' } })], domains: new Map(), tenants, ...more };
}

/** Both doors of the registry in memory: files that a test replaces, and a store that another instance may change. */
class Outside {
  stored = new Map<string, StoredTenant>();
  isStoreAway = false;
  #files: TenantFiles;
  #listener: (files: TenantFiles) => void = () => undefined;

  constructor(given: TenantFiles) {
    this.#files = given;
  }

  async read(): Promise<TenantFiles> {
    return this.#files;
  }

  onChange(listener: (files: TenantFiles) => void): void {
    this.#listener = listener;
  }

  change(given: TenantFiles): void {
    this.#files = given;
    this.#listener(given);
  }

  save(accountId: string, config: object, revision = 1, domain = 'shops'): void {
    this.stored.set(accountId, { version: 1, accountId, domain, revision, config });
  }

  readonly store: TenantStore = {
    list: async () => this.#reached([...this.stored.values()]),
    get: async (accountId) => this.#reached(structuredClone(this.stored.get(accountId) ?? null)),
    put: () => assert.fail('the registry never writes'),
    remove: () => assert.fail('the registry never writes'),
    onChange: () => undefined,
  };

  #reached<T>(value: T): T {
    if (this.isStoreAway) throw new BridgeError('upstream_unavailable', 'away');
    return value;
  }
}

async function open(given: TenantFiles, prepare: (outside: Outside) => void = () => undefined) {
  const outside = new Outside(given);
  prepare(outside);
  const log = quietLog();
  const registry = new LayeredTenantRegistry({ source: outside, store: outside.store, log });
  await registry.load();
  return { outside, registry, log };
}

describe('the tenant registry', () => {
  it('one wrong file disables its tenant and no other', async () => {
    const { registry } = await open(files([tenantLayer('good'), tenantLayer('bad', { timezone: 'nowhere' })]));
    assert.equal((await registry.find('good'))?.config.handoff.team, 'base');
    assert.equal(await registry.find('bad'), null);
    assert.deepEqual(
      registry.disabled().map(({ account_id, file, path }) => ({ account_id, file, path })),
      [{ account_id: 'bad', file: 'shops/bad/config.yaml', path: 'timezone' }],
    );
  });

  it('a broken domain file disables every tenant under it and leaves the other domains alone', async () => {
    const problem = { path: '', message: 'is not YAML: line 3' };
    const domains = new Map([['shops', { file: 'shops/domain.yaml', content: null, problem }]]);
    const { registry } = await open(
      files([tenantLayer('one'), tenantLayer('two'), tenantLayer('three', {}, 'clinics')], { domains }),
    );
    assert.deepEqual(
      (await registry.list()).map((tenant) => tenant.accountId),
      ['three'],
    );
    assert.deepEqual(
      registry.disabled().map(({ account_id, file }) => `${account_id} ${file}`),
      ['one shops/domain.yaml', 'two shops/domain.yaml'],
    );
  });

  it('two tenants with one id are both disabled, and each message names the other file', async () => {
    const { registry } = await open(
      files([tenantLayer('same', {}, 'clinics'), tenantLayer('same', {}, 'shops'), tenantLayer('other')]),
    );
    assert.equal(await registry.find('same'), null);
    const [first, second] = registry.disabled();
    assert.match(first?.message ?? '', /shops\/same\/config\.yaml/);
    assert.match(second?.message ?? '', /clinics\/same\/config\.yaml/);
    assert.notEqual(await registry.find('other'), null);
  });

  it('when one of two equal ids is renamed, both serve again', async () => {
    const [one, two] = [tenantLayer('same', {}, 'clinics'), tenantLayer('same', {}, 'shops')];
    const { outside, registry } = await open(files([one, two]));
    outside.change(files([one, tenantLayer('renamed')]));
    assert.equal((await registry.find('same'))?.domain, 'clinics');
    assert.equal((await registry.find('renamed'))?.domain, 'shops');
    assert.deepEqual(registry.disabled(), []);
  });

  it('a file whose account_id or domain is not its place is disabled', async () => {
    const copied = { ...tenantLayer('copy'), content: { account_id: 'original', name: 'x', domain: 'clinics' } };
    const { registry } = await open(files([copied]));
    const [found] = registry.disabled();
    assert.equal(found?.account_id, 'copy');
    assert.equal(found.path, 'account_id');
    assert.match(found.message, /1 more/);
  });

  it('an unknown key is a warning at start and the tenant serves', async () => {
    const { registry, log } = await open(files([tenantLayer('shop', { colour: 'red' })]));
    assert.notEqual(await registry.find('shop'), null);
    const warned = log.lines.filter((line) => line.level === 'warn').map((line) => line.fields);
    assert.deepEqual(warned, [{ file: 'shops/shop/config.yaml', path: 'colour', problem: 'unknown key' }]);
  });

  it('a finding in a base file is said once, however many tenants stand on it', async () => {
    const base = [layer('_base/defaults.yaml', { colour: 'red' })];
    const { log } = await open(files([tenantLayer('one'), tenantLayer('two')], { base }));
    assert.equal(log.lines.filter((line) => line.fields['path'] === 'colour').length, 1);
  });

  it('a saved tenant wins over a file with the same id, even over a wrong one, and inherits like it', async () => {
    const wrong = tenantLayer('shop', { timezone: 'nowhere' });
    const { registry } = await open(files([wrong]), (outside) => outside.save('shop', { name: 'Saved' }));
    const tenant = await registry.find('shop');
    assert.equal(tenant?.managedBy, 'rpc');
    assert.equal(tenant.config.name, 'Saved');
    assert.equal(tenant.config.handoff.team, 'base');
    assert.deepEqual(registry.disabled(), []);
  });

  it('what another instance saved is seen by the next find, without any notification', async () => {
    const { outside, registry } = await open(files([]), (before) => before.save('shop', { name: 'First' }));
    const first = await registry.find('shop');
    outside.save('shop', { name: 'Second' }, 2);
    const second = await registry.find('shop');
    assert.equal(second?.config.name, 'Second');
    assert.equal(second.revision, 2);
    assert.notEqual(second.fingerprint, first?.fingerprint);
  });

  it('a tenant removed and made again is new, although its revision starts again', async () => {
    const { outside, registry } = await open(files([]), (before) => before.save('shop', { name: 'First' }));
    await registry.find('shop');
    outside.save('shop', { name: 'Again' }, 1);
    assert.equal((await registry.find('shop'))?.config.name, 'Again');
  });

  it('a removed tenant is gone at the next find, and the file behind it comes back', async () => {
    const { outside, registry } = await open(files([tenantLayer('shop')]), (before) =>
      before.save('shop', { name: 'Saved' }),
    );
    assert.equal((await registry.find('shop'))?.managedBy, 'rpc');
    outside.stored.delete('shop');
    assert.equal((await registry.find('shop'))?.managedBy, 'file');
  });

  it('while nothing changes, the same frozen tenant is handed out', async () => {
    const { registry } = await open(files([tenantLayer('given')]), (before) => before.save('saved', { name: 'Saved' }));
    for (const accountId of ['given', 'saved']) {
      const tenant = await registry.find(accountId);
      assert.equal(await registry.find(accountId), tenant);
      assert.ok(Object.isFrozen(tenant?.config.integrations.odoo));
    }
  });

  it('a changed file gives a new tenant and leaves the others as they were', async () => {
    const still = tenantLayer('still');
    const { outside, registry } = await open(files([still, tenantLayer('moving')]));
    const base = (await outside.read()).base;
    const [before, stillBefore] = [await registry.find('moving'), await registry.find('still')];
    outside.change({ base, domains: new Map(), tenants: [still, tenantLayer('moving', { name: 'Changed' })] });
    assert.equal((await registry.find('moving'))?.config.name, 'Changed');
    assert.notEqual((await registry.find('moving'))?.fingerprint, before?.fingerprint);
    assert.equal(await registry.find('still'), stillBefore);
  });

  it('a changed base reaches saved tenants too', async () => {
    const { outside, registry } = await open(files([]), (before) => before.save('shop', { name: 'Saved' }));
    outside.change(files([], { base: [layer('_base/defaults.yaml', { handoff: { team: 'new' } })] }));
    assert.equal((await registry.find('shop'))?.config.handoff.team, 'new');
  });

  it('with the store away, known tenants go on and an unknown id is not called unknown', async () => {
    const { outside, registry } = await open(files([tenantLayer('given')]), (before) =>
      before.save('saved', { name: 'Saved' }),
    );
    outside.isStoreAway = true;
    assert.equal((await registry.find('given'))?.accountId, 'given');
    assert.equal((await registry.find('saved'))?.config.name, 'Saved');
    await assert.rejects(registry.find('stranger'), { code: 'upstream_unavailable' });
  });

  it('the bridge starts with the store away: files serve, and saved tenants come when the store is back', async () => {
    const { outside, registry } = await open(files([tenantLayer('given')]), (before) => {
      before.save('saved', { name: 'Saved' });
      before.isStoreAway = true;
    });
    assert.deepEqual(
      (await registry.list()).map((tenant) => tenant.accountId),
      ['given'],
    );
    outside.isStoreAway = false;
    assert.equal((await registry.find('saved'))?.config.name, 'Saved');
    outside.isStoreAway = true;
    assert.deepEqual((await registry.list()).map((tenant) => tenant.accountId).sort(), ['given', 'saved']);
  });

  it('a disabled tenant still holds its id', async () => {
    const { registry } = await open(files([tenantLayer('bad', { timezone: 'nowhere' })]), (before) =>
      before.save('saved', { name: 'S' }),
    );
    assert.deepEqual(
      [await registry.isTaken('bad'), await registry.isTaken('saved'), await registry.isTaken('free')],
      [true, true, false],
    );
  });

  it('a preview finds problems and unknown keys of what would be saved, and saves nothing', async () => {
    const { registry } = await open(files([]));
    const bad = registry.preview({ accountId: 'shop', domain: 'shops', config: { name: '', colour: 1 } });
    assert.deepEqual(
      bad.problems.map(({ path }) => path),
      ['name'],
    );
    assert.deepEqual(
      bad.unknownKeys.map(({ path }) => path),
      ['colour'],
    );
    assert.equal(await registry.find('shop'), null);
  });
});
