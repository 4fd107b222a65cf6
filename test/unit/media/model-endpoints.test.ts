import { EndpointHabits } from '../../../bridge/adapters/openai/endpoint-habits.ts';
import assert from 'node:assert/strict';
import { mediaReadersAt, modelEndpointOf } from '../../../bridge/model-endpoints.ts';
import { loadSettings } from '../../../bridge/config/settings.ts';
import type { Settings } from '../../../bridge/config/settings.ts';
import { AtMost } from '../../../bridge/core/media/at-most.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeTenant } from '../crew/make-turn.ts';

describe('the endpoint a tenant’s files go to', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ui-endpoint-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const settings = (variables: Record<string, string> = {}): Readonly<Settings> =>
    loadSettings({ DATA_DIR: folder, ...variables });
  const field =
    (fields: Record<string, string>) =>
    (name: string): string | null =>
      fields[name] ?? null;
  const abilities = (own: Record<string, string>, variables: Record<string, string> = {}) => {
    const readers = mediaReadersAt(
      modelEndpointOf(settings(variables), field(own)),
      makeTenant(),
      new AtMost(1),
      new EndpointHabits(),
    );
    return readers && [readers.transcriber?.model ?? null, readers.images?.model ?? null];
  };

  it('is none without an endpoint, or with one that is not known to hear or see', () => {
    assert.equal(abilities({}), null);
    assert.equal(abilities({}, { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }), null);
    assert.equal(abilities({ base_url: 'http://127.0.0.1:1/v1', api_key: 'k' }, { OPENAI_API_KEY: 'sk' }), null);
  });

  it('is the tenant’s own before the installation’s, with the models it names', () => {
    const own = { base_url: 'http://127.0.0.1:1/v1', transcription_model: 'own-ears' };
    assert.deepEqual(abilities(own, { OPENAI_API_KEY: 'sk' }), ['own-ears', null]);
    assert.deepEqual(abilities({ api_key: 'k', vision_model: 'own-eyes' }), ['gpt-4o-mini-transcribe', 'own-eyes']);
    assert.deepEqual(abilities({}, { OPENAI_API_KEY: 'sk', VISION_MODEL: 'eyes' }), ['gpt-4o-mini-transcribe', 'eyes']);
  });

  it('never gets a tenant’s key at the installation’s address, nor the other way round', () => {
    const installation = { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', OPENAI_API_KEY: 'sk-installation' };
    const own = modelEndpointOf(settings(installation), field({ api_key: 'sk-own' }));
    assert.deepEqual([own?.apiKey, own?.baseUrl], ['sk-own', null]);
    const shared = modelEndpointOf(settings(installation), field({}));
    assert.deepEqual([shared?.apiKey, shared?.baseUrl], ['sk-installation', 'http://127.0.0.1:1/v1']);
  });
});
