// A model server per test, with nothing asked of it that was not planned.
import assert from 'node:assert/strict';
import { startModelServer } from '../../sandbox/model-server/start-model-server.ts';
import type { ModelServer } from '../../sandbox/model-server/start-model-server.ts';

export function eachModelServer(): () => ModelServer {
  let server: ModelServer | null = null;
  beforeEach(async () => {
    server = await startModelServer();
  });
  afterEach(async () => {
    const ended = server;
    server = null;
    await ended?.stop();
    assert.deepEqual(ended?.api.unplanned, []);
  });
  return () => {
    if (!server) throw new Error('the server is there only while a test runs');
    return server;
  };
}
