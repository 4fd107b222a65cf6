import assert from 'node:assert/strict';
import type { ConfigLayer } from '../../../bridge/core/ports/tenant-source.ts';
import { composeTenant } from '../../../bridge/core/tenants/compose-tenant.ts';

const layer = (file: string, content: unknown): ConfigLayer => ({ file, content, problem: null });
const own = (more: object = {}): ConfigLayer => layer('own.yaml', { account_id: 'loja', name: 'Loja', ...more });

describe('a tenant composed of layers', () => {
  it('maps merge, lists replace, and the higher layer wins', () => {
    const { config } = composeTenant([
      layer('base.yaml', { services: { sales: { enabled: true }, crm: { enabled: true } }, plugins: ['one', 'two'] }),
      layer('domain.yaml', { services: { crm: { enabled: false } }, handoff: { team: 'domain', wait_minutes: 5 } }),
      own({ handoff: { team: 'own' }, plugins: ['three'] }),
    ]);
    assert.deepEqual(config?.services, { sales: { enabled: true }, crm: { enabled: false } });
    assert.deepEqual([config.handoff.team, config.handoff.wait_minutes], ['own', 5]);
    assert.deepEqual(config.plugins, ['three']);
  });

  it('a block that is empty in YAML inherits instead of wiping', () => {
    const { config } = composeTenant([
      layer('base.yaml', { handoff: { team: 'base' } }),
      own({ handoff: null, limits: null }),
    ]);
    assert.equal(config?.handoff.team, 'base');
  });

  it('a wrong value names the file it is in, whichever layer that is', () => {
    const { config, problems } = composeTenant([
      layer('base.yaml', { limits: { turns_per_minute: 'many' } }),
      layer('domain.yaml', { timezone: 'Mars/Olympus' }),
      own({ channels: { web: { debounce: { max_ms: -1 } } } }),
    ]);
    assert.equal(config, null);
    assert.deepEqual(problems.map(({ file, path }) => `${file} ${path}`).sort(), [
      'base.yaml limits.turns_per_minute',
      'domain.yaml timezone',
      'own.yaml channels.web.debounce.max_ms',
    ]);
  });

  it('what is missing is missing in the tenant itself', () => {
    const { problems } = composeTenant([layer('base.yaml', {}), layer('own.yaml', { account_id: 'loja' })]);
    assert.deepEqual(problems, [{ file: 'own.yaml', path: 'name', message: 'is missing' }]);
  });

  it('unknown keys are named with file and path and left out, also inside lists, unions and earlier forms', () => {
    const { config, unknownKeys, problems } = composeTenant([
      layer('base.yaml', { channels: { pigeon: { debounce: {} } } }),
      own({
        colour: 'red',
        company_metadata: { business_hours: { days: [0], start_time: '09:00', end_time: '18:00', shift: 1 } },
        integrations: {
          odoo: { url: 'http://odoo.example', colour: 1 },
          mcp: [{ name: 'shop', url: 'http://mcp.example', speed: 3 }],
          chatwoot: {
            base_url: 'http://chat.example',
            account_id: 1,
            inboxes: [5, { id: 7, mode: 'test', colour: 1 }],
          },
        },
      }),
    ]);
    assert.deepEqual(problems, []);
    assert.deepEqual(unknownKeys.map(({ file, path }) => `${file} ${path}`).sort(), [
      'base.yaml channels.pigeon',
      'own.yaml colour',
      'own.yaml company_metadata.business_hours.shift',
      'own.yaml integrations.chatwoot.inboxes.1.colour',
      'own.yaml integrations.mcp.0.speed',
      'own.yaml integrations.odoo.colour',
    ]);
    assert.deepEqual(config?.integrations.odoo, { api: 'auto', url: 'http://odoo.example' });
    assert.deepEqual(config.integrations.chatwoot?.inboxes, [
      { id: 5, mode: 'live' },
      { id: 7, mode: 'test' },
    ]);
    assert.deepEqual(config.company_metadata.business_hours?.weekly, [{ days: [0], open: '09:00', close: '18:00' }]);
  });

  it('an earlier form above a base in the present form replaces it instead of mixing', () => {
    const weekly = [{ days: [0, 1], open: '10:00', close: '12:00' }];
    const { config } = composeTenant([
      layer('base.yaml', {
        company_metadata: { business_hours: { weekly } },
        integrations: { odoo: { api: 'none' }, mcp: [] },
      }),
      own({
        company_metadata: {
          business_hours: {
            days: [2],
            start_time: '09:00',
            end_time: '18:00',
            lunch_break_start: '12:00',
            lunch_break_end: '13:00',
          },
        },
        integrations: {
          mcp: { type: 'odoo-mcp', config: { url: 'http://odoo.example', db: 'loja', credential_ref: 'loja-odoo' } },
        },
      }),
    ]);
    assert.deepEqual(config?.company_metadata.business_hours?.weekly, [
      { days: [2], open: '09:00', close: '18:00', break: ['12:00', '13:00'] },
    ]);
    assert.deepEqual(config.integrations.odoo, {
      api: 'auto',
      url: 'http://odoo.example',
      db: 'loja',
      credential_ref: 'loja-odoo',
    });
    assert.deepEqual(config.integrations.mcp, []);
  });

  it('a wrong time in the earlier form is an error, never silently no opening hours', () => {
    const hours = { days: [0], start_time: '9h', end_time: '18:00' };
    const { config, problems } = composeTenant([own({ company_metadata: { business_hours: hours } })]);
    assert.equal(config, null);
    assert.deepEqual(
      problems.map(({ path }) => path),
      ['company_metadata.business_hours.start_time'],
    );
  });

  it('`api: none` switches off a link that a lower layer describes', () => {
    const { config } = composeTenant([
      layer('domain.yaml', { integrations: { odoo: { url: 'http://odoo.example', api: 'json2' } } }),
      own({ integrations: { odoo: { api: 'none' } } }),
    ]);
    assert.deepEqual(config?.integrations.odoo, { api: 'none' });
  });

  it('keys that mean something to the language are only unknown keys', () => {
    const content: unknown = JSON.parse(
      '{"account_id":"loja","name":"L","__proto__":{"polluted":1},"constructor":{"a":1}}',
    );
    const { config, unknownKeys } = composeTenant([layer('own.yaml', content)]);
    assert.deepEqual(unknownKeys.map(({ path }) => path).sort(), ['__proto__', 'constructor']);
    assert.ok(config !== null && !('polluted' in config));
  });

  it('a layer that is not a map is a problem of that file', () => {
    for (const content of ['text', 7, [1]]) {
      assert.deepEqual(
        composeTenant([layer('base.yaml', content), own()]).problems.map(({ file }) => file),
        ['base.yaml'],
      );
    }
    assert.notEqual(composeTenant([layer('base.yaml', null), own()]).config, null);
  });
});
