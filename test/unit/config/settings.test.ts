import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadSettings } from '../../../bridge/config/settings.ts';
import { SettingsError } from '../../../bridge/config/settings-error.ts';
import { summary } from '../../../bridge/config/summary.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const withServers = {
  REDIS_URL: 'redis://127.0.0.1:6379',
  BRIDGE_ADMIN_TOKEN: 'a-token-of-some-length',
  BRIDGE_MASTER_KEY: key,
};

function problemsOf(variables: NodeJS.ProcessEnv): string[] {
  try {
    loadSettings(variables);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems;
  }
  return [];
}

describe('settings', () => {
  let dataDir = '';
  beforeEach(() => {
    dataDir = path.join(mkdtempSync(path.join(tmpdir(), 'ui-settings-')), 'data');
  });
  afterEach(() => {
    rmSync(path.dirname(dataDir), { recursive: true });
  });

  it('with nothing set, the bridge is embedded, listens on this machine only and has all roles', () => {
    const settings = loadSettings({ DATA_DIR: dataDir });
    assert.equal(settings.mode, 'embedded');
    assert.equal(settings.host, '127.0.0.1');
    assert.equal(settings.port, 3000);
    assert.deepEqual(settings.roles, ['http', 'worker', 'cron']);
    assert.equal(settings.openai, null);
    assert.equal(settings.embeddingModel, null);
    assert.ok(Object.isFrozen(settings));
  });

  it('an empty value counts as not set, for every variable', () => {
    const names = [
      'PORT',
      'HOST',
      'ROLES',
      'TENANTS_DIR',
      'BRIDGE_ADMIN_TOKEN',
      'BRIDGE_MASTER_KEY',
      'BRIDGE_MASTER_KEY_PREVIOUS',
    ];
    const more = ['REDIS_URL', 'REDIS_CACHE_URL', 'QDRANT_URL', 'QDRANT_API_KEY', 'VECTOR_ISOLATION', 'OPENAI_API_KEY'];
    const rest = [
      'OPENAI_BASE_URL',
      'LLM_MODEL',
      'EMBEDDING_MODEL',
      'METRICS_TOKEN',
      'MCP_COMMANDS',
      'LOG_LEVEL',
      'PUBLIC_URL',
    ];
    const empty = Object.fromEntries([...names, ...more, ...rest].map((name) => [name, ' ']));
    assert.deepEqual(loadSettings({ ...empty, DATA_DIR: dataDir }), loadSettings({ DATA_DIR: dataDir }));
  });

  it('all wrong values are reported at once, one line each, without their values', () => {
    const problems = problemsOf({
      PORT: '70000',
      ROLES: 'http,painter',
      REDIS_URL: 'https://user:hunter2@cache',
      QDRANT_URL: 'nonsense',
      VECTOR_ISOLATION: 'both',
      LOG_LEVEL: 'loud',
      BRIDGE_MASTER_KEY: 'c2hvcnQ=',
      BRIDGE_ADMIN_TOKEN: 'short',
      DATA_DIR: dataDir,
    });
    const named = problems.map((line) => line.slice(0, line.indexOf(':'))).sort();
    assert.deepEqual(named, [
      'BRIDGE_ADMIN_TOKEN',
      'BRIDGE_MASTER_KEY',
      'LOG_LEVEL',
      'PORT',
      'QDRANT_URL',
      'REDIS_URL',
      'ROLES',
      'VECTOR_ISOLATION',
    ]);
    assert.doesNotMatch(problems.join(), /hunter2|c2hvcnQ|\n/);
    assert.ok(!existsSync(dataDir), 'a start that fails leaves nothing behind');
  });

  it('embedded mode makes an admin token and a master key once, readable by the owner only', () => {
    const first = loadSettings({ DATA_DIR: dataDir });
    const second = loadSettings({ DATA_DIR: dataDir });
    assert.equal(second.adminToken, first.adminToken);
    assert.deepEqual(second.masterKey, first.masterKey);
    assert.equal(first.masterKey.length, 32);
    assert.match(first.adminToken, /^[0-9a-f]{64}$/, 'fit for a command line');
    for (const name of ['admin-token', 'master-key']) {
      assert.equal(statSync(path.join(dataDir, name)).mode & 0o777, 0o600);
    }
    assert.equal(readFileSync(path.join(dataDir, 'admin-token'), 'utf8').trim(), first.adminToken);
  });

  it('a damaged key file stops the start instead of being replaced', () => {
    loadSettings({ DATA_DIR: dataDir });
    writeFileSync(path.join(dataDir, 'master-key'), 'not a key\n');
    writeFileSync(path.join(dataDir, 'admin-token'), '\n');
    assert.equal(problemsOf({ DATA_DIR: dataDir }).length, 2);
    assert.equal(readFileSync(path.join(dataDir, 'master-key'), 'utf8'), 'not a key\n');
  });

  it('with REDIS_URL the token and the key must be given, and nothing is written', () => {
    const problems = problemsOf({ REDIS_URL: 'redis://cache:6379', DATA_DIR: dataDir });
    assert.deepEqual(
      problems.map((line) => line.split(':')[0]),
      ['BRIDGE_ADMIN_TOKEN', 'BRIDGE_MASTER_KEY'],
    );
    assert.ok(!existsSync(dataDir));
  });

  it('with REDIS_URL the bridge listens on all addresses unless HOST says otherwise', () => {
    assert.equal(loadSettings(withServers).host, '0.0.0.0');
    assert.equal(loadSettings({ ...withServers, HOST: '10.0.0.5' }).host, '10.0.0.5');
    assert.equal(loadSettings(withServers).mode, 'redis');
  });

  it('each address switches its own port alone', () => {
    const settings = loadSettings({ QDRANT_URL: 'http://vectors:6333', DATA_DIR: dataDir });
    assert.equal(settings.mode, 'embedded');
    assert.equal(settings.qdrantUrl, 'http://vectors:6333');
    assert.equal(settings.redisUrl, null);
  });

  it('an endpoint of somebody else is not asked for an embedding model nobody named', () => {
    const own = { OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1', DATA_DIR: dataDir };
    assert.equal(loadSettings(own).embeddingModel, null);
    assert.equal(loadSettings({ ...own, EMBEDDING_MODEL: 'bge-m3' }).embeddingModel, 'bge-m3');
    assert.equal(loadSettings({ OPENAI_API_KEY: 'sk-x', DATA_DIR: dataDir }).embeddingModel, 'text-embedding-3-small');
  });

  it('voice notes and pictures are read by OpenAI’s own models, or by those that are named for another endpoint', () => {
    const models = (variables: Record<string, string>) => {
      const { transcriptionModel, visionModel } = loadSettings({ DATA_DIR: dataDir, ...variables });
      return [transcriptionModel, visionModel];
    };
    assert.deepEqual(models({}), [null, null]);
    assert.deepEqual(models({ TRANSCRIPTION_MODEL: 'ears', VISION_MODEL: 'eyes' }), [null, null]);
    assert.deepEqual(models({ OPENAI_API_KEY: 'sk-x' }), ['gpt-4o-mini-transcribe', 'gpt-4.1-mini']);
    const own = { OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1' };
    assert.deepEqual(models(own), [null, null]);
    assert.deepEqual(models({ ...own, TRANSCRIPTION_MODEL: 'ears', VISION_MODEL: 'eyes' }), ['ears', 'eyes']);
  });

  it('the summary tells what is configured and holds no secret', () => {
    const secrets = { OPENAI_API_KEY: 'sk-secret-1', QDRANT_API_KEY: 'secret-2', METRICS_TOKEN: 'secret-3' };
    const shown = summary(
      loadSettings({
        ...withServers,
        ...secrets,
        REDIS_URL: 'redis://default:secret-4@cache:6379/0',
        BRIDGE_MASTER_KEY_PREVIOUS: Buffer.alloc(32, 9).toString('base64'),
      }),
    );
    const text = JSON.stringify(shown);
    assert.doesNotMatch(text, /secret-|a-token-of|BwcHBw|CQkJCQ/);
    assert.match(text, /redis:\/\/cache:6379\/0/);
    assert.deepEqual(shown['configured'], {
      admin_token: true,
      master_key: true,
      master_key_previous: true,
      qdrant_api_key: true,
      openai_api_key: true,
      metrics_token: true,
    });
  });
});
