// What a plain turn costs Chatwoot, and that no token is ever used for what it may not do: read from the request log of the
// simulated Chatwoot, over the versions and tokens we live with.
import assert from 'node:assert/strict';
import { eachWorld } from '../hub/world/conversation-world.ts';
import type { WorldOptions } from '../hub/world/conversation-world.ts';

const question = 'Como posso trocar?';
/** A person wants few calls; the contract of the project says three a turn. */
const callsAtMost = 3;

const tokens: Record<string, WorldOptions> = {
  'bot and user': {},
  'bot only': { userToken: false },
  'user only': { botToken: false },
};

for (const version of ['4.11.0', '4.13.0', '4.15.1', '4.18.0']) {
  for (const [who, options] of Object.entries(tokens)) {
    describe(`Chatwoot ${version} with ${who}`, () => {
      const world = eachWorld({ ...options, version });
      const calls = () => world().chatwoot.requests.filter(({ endpoint }) => endpoint !== 'api.version');

      it(`is asked at most ${callsAtMost} times for a plain turn, and never for what a token may not do`, async () => {
        await world().customer(question);
        await world().settle();
        assert.equal(world().replies().length, 1);
        const asked = calls().map(
          ({ endpoint, tokenKind, status }) => `${endpoint ?? '?'} ${tokenKind} ${status ?? 0}`,
        );
        assert.ok(asked.length <= callsAtMost, asked.join(', '));
        await world().customer('Quero falar com uma pessoa');
        await world().settle();
        const refused = calls().filter(({ status }) => status === 401 || status === 403 || status === 404);
        assert.deepEqual(
          refused.map(({ endpoint, tokenKind }) => `${endpoint ?? '?'} ${tokenKind}`),
          [],
        );
        assert.equal(world().status(), 'open');
      });
    });
  }
}
