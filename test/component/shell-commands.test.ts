// scripts/tenant and scripts/credentials as a person runs them, against a whole bridge.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createApp, type App } from '../../bridge/app.ts';
import { loadSettings } from '../../bridge/config/settings.ts';
import { tenantsFolder, type TenantsFolder } from '../fixtures/tenants-folder.ts';

const root = path.resolve(import.meta.dirname, '../..');

interface Ended {
  code: number | null;
  out: string;
  error: string;
}

describe('the commands for tenants and credentials', function () {
  this.timeout(120_000);
  let folder: TenantsFolder;
  let environment: Record<string, string>;
  let app: App | null = null;

  const run = async (
    command: string,
    flags: string[],
    input = '',
    more: Record<string, string> = {},
  ): Promise<Ended> => {
    const child = spawn(path.join(root, 'scripts', command), flags, {
      env: { ...process.env, ...environment, ...more },
    });
    const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
    child.stdin.end(input);
    const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
    return { code, out, error };
  };
  const startBridge = async (more: Record<string, string> = {}): Promise<void> => {
    app = await createApp(loadSettings({ ...environment, PORT: '0', LOG_LEVEL: 'silent', ...more }));
    const { url } = await app.start();
    environment['PORT'] = new URL(url ?? '').port;
  };

  before(async () => {
    folder = tenantsFolder();
    cpSync(path.join(root, 'tenants/_base'), path.join(folder.root, 'tenants/_base'), { recursive: true });
    cpSync(path.join(root, 'tenants/retail/domain.yaml'), path.join(folder.root, 'tenants/retail/domain.yaml'));
    const nothing = { REDIS_URL: '', BRIDGE_ADMIN_TOKEN: '', BRIDGE_MASTER_KEY: '', BRIDGE_MASTER_KEY_PREVIOUS: '' };
    environment = {
      ...nothing,
      TENANTS_DIR: path.join(folder.root, 'tenants'),
      DATA_DIR: path.join(folder.root, 'data'),
    };
  });
  after(async () => {
    await app?.stop();
    folder.end();
  });

  const configOf = (accountId: string): string => path.join(folder.root, 'tenants/retail', accountId, 'config.yaml');

  it('without a bridge that was ever started, a command that needs one says so in one line', async () => {
    const { code, out, error } = await run('tenant', ['pair']);
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(error, /^tenant: no admin token: [^\n]+\n$/);
  });

  it('a new tenant passes the check as it was written, and with everything in it uncommented', async () => {
    const made = await run('tenant', ['new', 'retail', 'nova_loja', '--name', 'Nova "Loja": única']);
    assert.equal(made.code, 0, made.error);
    assert.deepEqual(await run('tenant', ['check', 'nova_loja']), {
      code: 0,
      out: '1 tenant, 0 errors, 0 warnings\n',
      error: '',
    });
    for (const file of made.out.trim().split('\n')) {
      const uncommented = readFileSync(file, 'utf8')
        .replace(/^# ?(?=[a-z_]+:| +[a-z_-])/gm, '')
        .replace('documents: []', 'documents:');
      assert.notEqual(uncommented, readFileSync(file, 'utf8'));
      writeFileSync(file, uncommented);
    }
    const { code, out } = await run('tenant', ['check', configOf('nova_loja')]);
    assert.equal(code, 0, out);
    assert.match(
      out,
      /warning {2}retail\/nova_loja\/config\.yaml: integrations\.chatwoot\.credential_ref: nova_loja-chatwoot must be saved/,
    );
  });

  it('an account id that is taken, anywhere, is not made again', async () => {
    const before = readFileSync(configOf('nova_loja'), 'utf8');
    const { code, error } = await run('tenant', ['new', 'services', 'nova_loja', '--name', 'Outra']);
    assert.equal(code, 1);
    assert.match(error, /nova_loja exists already: .*retail\/nova_loja\/config\.yaml/);
    assert.equal(readFileSync(configOf('nova_loja'), 'utf8'), before);
    assert.ok(!existsSync(path.join(folder.root, 'tenants/services')));
  });

  it('the check ends with 1 and one line per problem, each with file and path', async () => {
    folder.write({
      'tenants/retail/errada/config.yaml':
        'account_id: errada\nname: Errada\ncolour: red\nlimits: { turns_per_minute: many }\n',
      'tenants/retail/errada/knowledge/rules.yaml': 'documents:\n  - { kind: rule, id: x, title: Sem texto }\n',
      'tenants/clinics/nova_loja/config.yaml': 'account_id: nova_loja\nname: Cópia\n',
    });
    const { code, out } = await run('tenant', ['check']);
    folder.remove('tenants/retail/errada');
    folder.remove('tenants/clinics');
    assert.equal(code, 1);
    for (const line of [
      /^error {4}retail\/errada\/config\.yaml: colour: unknown key$/m,
      /^error {4}retail\/errada\/config\.yaml: limits\.turns_per_minute: /m,
      /^error {4}retail\/errada\/knowledge\/rules\.yaml: documents\.0\.body: is missing$/m,
      /^error {4}retail\/nova_loja\/config\.yaml: account_id: .*clinics\/nova_loja/m,
      /^error {4}clinics\/nova_loja\/config\.yaml: account_id: .*retail\/nova_loja/m,
      /^warning {2}clinics\/nova_loja\/config\.yaml: the domain clinics has no domain\.yaml/m,
      /^3 tenants, 5 errors, 1 warning$/m,
    ]) {
      assert.match(out, line);
    }
  });

  it('a wrong command or flag ends with 2 and one line', async () => {
    const ended = await Promise.all([
      run('tenant', ['explode']),
      run('tenant', ['list', '--colour']),
      run('credentials', ['set', 'nova_loja']),
      run('credentials', ['set', 'nova_loja', 'ref', 'a-secret-on-the-command-line']),
    ]);
    for (const { code, error } of ended) {
      assert.equal(code, 2, error);
      assert.match(error, /^[a-z]+: [^\n]+\n$/);
    }
  });

  describe('with a running bridge', () => {
    before(() => startBridge());

    it('a pairing code is all that stands on standard output', async () => {
      const forNew = await run('tenant', ['pair']);
      assert.match(forNew.out, /^[0-9A-Z]{5}-[0-9A-Z]{5}\n$/);
      assert.equal((await run('tenant', ['pair', 'nova_loja', '--minutes', '5'])).code, 0);
    });

    it('a credential set from standard input, as JSON or as lines, is listed by the names of its fields', async () => {
      const json = '{"bot_token":"SECRET-1","webhook_secrets":["SECRET-2"]}';
      const lines = 'login=bot\n# a comment\napi_key=SECRET-3=with=equals\n';
      const one = await run('credentials', ['set', 'nova_loja', 'nova_loja-chatwoot'], json);
      const two = await run('credentials', ['set', 'nova_loja', 'extra', '--kind', 'odoo'], lines);
      const listed = await run('credentials', ['list', 'nova_loja']);
      assert.deepEqual([one.code, two.code, listed.code], [0, 0, 0], one.error + two.error);
      assert.match(listed.out, /^nova_loja-chatwoot {2}chatwoot {2}bot_token,webhook_secrets {2}/m);
      assert.match(listed.out, /^extra {2}odoo {2}api_key,login {2}/m);
      assert.doesNotMatch(JSON.stringify([one, two, listed]), /SECRET/);
    });

    it('what the bridge refuses is said with the path, without the value', async () => {
      const refused = await run(
        'credentials',
        ['set', 'nova_loja', 'extra', '--kind', 'odoo'],
        '{"login":"x","pasword":"SECRET"}',
      );
      assert.equal(refused.code, 1);
      assert.match(refused.error, /fields\.pasword: unknown key/);
      const damaged = await run('credentials', ['set', 'nova_loja', 'extra'], '{"login":"SECRET');
      assert.equal(damaged.code, 1);
      assert.doesNotMatch(refused.error + damaged.error, /SECRET/);
    });

    it('a tenant saved by RPC is exported as a file that passes the check, and never over a file that is there', async () => {
      const token = readFileSync(path.join(folder.root, 'data/admin-token'), 'utf8').trim();
      const params = { account_id: 'por_rpc', name: 'Por RPC', domain: 'retail', handoff: { team: 'vendas' } };
      const saved = await fetch(`http://127.0.0.1:${environment['PORT'] ?? ''}/rpc`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tenant.upsert', params }),
      });
      assert.match(await saved.text(), /"version":1/);
      const exported = await run('tenant', ['export']);
      assert.deepEqual([exported.code, exported.out], [0, `${configOf('por_rpc')}\n`]);
      assert.equal((await run('tenant', ['check', 'por_rpc'])).code, 0);
      assert.match(
        (await run('tenant', ['list', '--token', token])).out,
        /^por_rpc +retail +bridge \(rpc\) +serving, version 1/m,
      );
      const before = statSync(configOf('por_rpc')).mtimeMs;
      assert.equal((await run('tenant', ['export'])).code, 1);
      assert.equal(statSync(configOf('por_rpc')).mtimeMs, before);
    });

    it('a wrong token is said to be one', async () => {
      const { code, error } = await run('tenant', ['list', '--token', 'wrong']);
      assert.equal(code, 1);
      assert.match(error, /does not know this token/);
    });

    it('resealing waits for the bridge to be stopped, and afterwards the new key alone opens everything', async () => {
      const keys = {
        BRIDGE_MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
        BRIDGE_MASTER_KEY_PREVIOUS: readFileSync(path.join(folder.root, 'data/master-key'), 'utf8').trim(),
      };
      assert.match((await run('credentials', ['reseal'], '', keys)).error, /is running: stop it/);
      await app?.stop();
      app = null;
      assert.match((await run('credentials', ['reseal'], '', keys)).error, /^2 sealed again, 0 had the present key/);
      const alone = { BRIDGE_MASTER_KEY: keys.BRIDGE_MASTER_KEY };
      assert.match((await run('credentials', ['reseal'], '', alone)).error, /^0 sealed again, 2 had the present key/);
      const lost = { BRIDGE_MASTER_KEY: Buffer.alloc(32, 6).toString('base64') };
      const failed = await run('credentials', ['reseal'], '', lost);
      assert.equal(failed.code, 1);
      assert.match(failed.error, /no key opens nova_loja\/extra, nova_loja\/nova_loja-chatwoot/);
    });
  });
});
