// Whatever stands in a tenant file, the tenant is ready or disabled with a place to look at; nothing throws.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readYaml } from '../../../bridge/adapters/files/yaml-text.ts';
import type { ConfigLayer } from '../../../bridge/core/ports/tenant-source.ts';
import { composeTenant, type ComposedTenant } from '../../../bridge/core/tenants/compose-tenant.ts';

const layer = (file: string, content: unknown): ConfigLayer => ({ file, content, problem: null });

/** Keys of the schema with any value under them reach deeper than keys nobody knows. */
const knownKeys = [
  'account_id',
  'name',
  'company_metadata',
  'business_hours',
  'weekly',
  'holidays',
  'start_time',
  'end_time',
  'days',
  'services',
  'channels',
  'whatsapp',
  'debounce',
  'integrations',
  'odoo',
  'api',
  'url',
  'mcp',
  'type',
  'config',
  'chatwoot',
  'inboxes',
  'id',
  'limits',
  'crews',
  '__proto__',
  'constructor',
  'toString',
  '0',
  '',
];
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      1e308,
      '',
      '09:00',
      'auto',
      'none',
      'odoo-mcp',
      'http://x.example',
      [],
      {},
    ),
    fc.jsonValue(),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...knownKeys), tie('any'), { maxKeys: 6 }),
  ),
})).any;

function assertSensible({ config, problems, unknownKeys }: ComposedTenant, files: string[]): void {
  assert.equal(config === null, problems.length > 0);
  for (const { file, message } of [...problems, ...unknownKeys]) {
    assert.ok(files.includes(file), file);
    assert.notEqual(message, '');
  }
}

describe('any content of tenant files', () => {
  it('gives a tenant or problems that name a file, never an exception', () => {
    fc.assert(
      fc.property(value, value, (below, own) => {
        assertSensible(composeTenant([layer('base', below), layer('own', own)]), ['base', 'own']);
      }),
      { numRuns: 3_000 },
    );
  });

  it('a wrong value anywhere in a good tenant never reaches the configuration', () => {
    const good = { account_id: 'loja', name: 'Loja' };
    fc.assert(
      fc.property(fc.constantFrom(...knownKeys), value, (key, anything) => {
        const composed = composeTenant([layer('own', { ...good, [key]: anything })]);
        assertSensible(composed, ['own']);
        if (composed.config !== null) assert.equal(typeof composed.config.name, 'string');
      }),
      { numRuns: 3_000 },
    );
  });

  it('any text is YAML or says where it is not', () => {
    const fragments = fc.constantFrom(
      'a: ',
      '- ',
      '{',
      '}',
      '[',
      '"',
      "'",
      '\n',
      '  ',
      '&x ',
      '*x',
      '!!map ',
      '? ',
      '|',
      '#',
      '---\n',
      '\t',
      'é',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fragments, fc.string()), { maxLength: 30 }), (parts) => {
        const { problem } = readYaml(parts.join(''));
        assert.ok(problem === null || problem.message.startsWith('is not YAML: '));
      }),
      { numRuns: 3_000 },
    );
  });
});
