// The search server stops while the bridge runs, and comes back damaged: customers are answered by words meanwhile, the
// bridge says how it stands, and what was lost or planted in the index is mended. The bridge is a real process.
import assert from 'node:assert/strict';
import { QdrantSimulator } from '../contract/servers/qdrant-simulator.ts';
import { eventually } from './eventually.ts';
import { Installation } from './installation.ts';

const account = 'sandra_cosmeticos';
const question = 'Qual o prazo para trocar um produto?';

interface Found {
  hits: { id: string; matched: string[] }[];
  degraded?: string;
}

interface Status {
  kinds: Record<string, { documents: number; pending: number }>;
  index: { points: number; missing: number; foreign: number } | null;
}

for (const isolation of ['shared', 'collection']) {
  describe(`the search server gone and back (${isolation})`, function () {
    this.timeout(180_000);
    let qdrant: QdrantSimulator;
    let installation: Installation;

    before(async () => {
      qdrant = await QdrantSimulator.start();
      installation = await Installation.start({ environment: { QDRANT_URL: qdrant.url, VECTOR_ISOLATION: isolation } });
    });
    after(async () => {
      await qdrant.stop();
      await installation.stop();
    });

    const search = async (query: string) =>
      (await installation.call('knowledge.search', { account_id: account, query })) as Found;
    const status = async () => (await installation.call('knowledge.status', { account_id: account })) as Status;
    const ready = async () => {
      const response = await fetch(`${installation.bridge.url}/ready`);
      const body = (await response.json()) as { status: string; dependencies: { search: Record<string, unknown> } };
      return { http: response.status, status: body.status, search: body.dependencies.search };
    };
    const becomes = (state: string) =>
      eventually(`search to be ${state}`, async () => (await ready()).search['state'] === state, 20_000);
    const put = (id: string, body: string) =>
      installation.call('knowledge.upsert', {
        account_id: account,
        documents: [{ kind: 'rule', id, title: 'Embalagem para presente', body, hash: body }],
      });
    const reconcile = (run: string, items: { kind: string; id: string; hash: string }[]) =>
      installation.call('knowledge.reconcile', {
        account_id: account,
        source: 'rpc',
        kinds: ['rule'],
        run,
        items,
        last: true,
      });
    const gift = { kind: 'rule', id: 'presente', hash: 'A embalagem para presente custa R$ 7.' };

    it('while it is there, words and vectors answer in one round trip, and /ready says up', async () => {
      await search(question);
      const asked = () => qdrant.seen.filter(({ path }) => path.endsWith('/points/query/batch')).length;
      const before = asked();
      const { hits, degraded } = await search(question);
      assert.equal(degraded, undefined);
      assert.ok(hits[0]?.matched.includes('lexical') && hits[0].matched.includes('vector'), JSON.stringify(hits[0]));
      assert.equal(asked() - before, 1);
      assert.deepEqual([(await ready()).status, (await ready()).search['state']], ['ready', 'up']);
    });

    it('gone: search goes by words and says so, a customer is answered, and so does /ready with what to do', async () => {
      await qdrant.stop();
      const { hits, degraded } = await search(question);
      assert.equal(degraded, 'vector');
      assert.ok(hits.length > 0 && hits.every(({ matched }) => !matched.includes('vector')));
      await becomes('degraded');
      const { http, status: whole, search: state } = await ready();
      assert.deepEqual([http, whole, state['message']], [200, 'degraded', 'Qdrant does not answer']);
      assert.match(String(state['fix']), /QDRANT_URL/);
      const reply = await installation.api.waitForReply(await installation.ask(question), undefined, 60_000);
      assert.match(reply.content ?? '', /15 dias/);
      await installation.quiet();
    });

    it('what is saved meanwhile is found at once, waits for its vector, and is complete when it is back', async () => {
      await put(gift.id, gift.hash);
      const ask = () => search('quanto custa a embalagem para presente?');
      assert.equal((await ask()).hits[0]?.id, gift.id);
      assert.equal((await status()).index, null);
      await qdrant.start();
      await becomes('up');
      await eventually('vectors to answer again', async () => (await ask()).degraded === undefined, 60_000);
      await reconcile('after-outage', [gift]);
      // Searches bring what waits up to date, every half minute at most; saved again it is at once.
      if (isolation === 'collection') await put(gift.id, gift.hash);
      const isComplete = async () => {
        await ask();
        return (await status()).kinds['rule']?.pending === 0;
      };
      await eventually('the vector of what waited', isComplete, 60_000);
      const { hits } = await ask();
      assert.ok(hits[0]?.id === gift.id && hits[0].matched.includes('vector'), JSON.stringify(hits[0]));
    });

    it('points deleted and foreign points added show in the status, and a reconcile mends them', async () => {
      const { index: whole } = await status();
      assert.deepEqual([whole?.missing, whole?.foreign], [0, 0]);
      damage(qdrant);
      const found = await status();
      assert.deepEqual(found.index, { points: Number(whole?.points) - 2, missing: 3, foreign: 1 });
      await reconcile('after-damage', [gift]);
      assert.deepEqual((await status()).index, whole);
      const { hits, degraded } = await search(question);
      assert.deepEqual([hits[0]?.matched.includes('vector'), degraded], [true, undefined]);
    });

    it('a collection removed by hand: words answer and say so, a reconcile makes it again', async () => {
      const { index: whole } = await status();
      for (const name of [...qdrant.collections.keys()]) qdrant.collections.delete(name);
      qdrant.aliases.clear();
      assert.equal((await search(question)).degraded, 'vector');
      await reconcile('after-removal', [gift]);
      assert.deepEqual((await status()).index, whole);
      assert.equal((await search(question)).degraded, undefined);
    });
  });
}

/** Of one tenant: three points gone, one that no document knows. */
function damage({ collections }: QdrantSimulator): void {
  const all = [...collections.values()].flatMap(({ points }) =>
    [...points.values()].map((point) => ({ points, point })),
  );
  const own = all.filter(({ point }) => point.payload['tenant'] === account);
  const [sample] = own;
  if (!sample || own.length < 4) throw new Error('too few points to damage');
  for (const { points, point } of own.slice(0, 3)) points.delete(point.id);
  const id = '00000000-0000-8000-8000-000000000001';
  sample.points.set(id, { ...sample.point, id, payload: { ...sample.point.payload, document: 'planted' } });
}
