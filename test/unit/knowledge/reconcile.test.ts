import assert from 'node:assert/strict';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { DocumentKind } from '../../../bridge/core/knowledge/document.ts';
import type { ReconcileRequest } from '../../../bridge/core/knowledge/knowledge.ts';
import { never, openBench, rule, tenantNamed } from './knowledge-bench.ts';
import type { Bench } from './knowledge-bench.ts';

const tenant = tenantNamed('loja_um');
const item = (id: string, hash = `etag-${id}`, kind: DocumentKind = 'rule') => ({ kind, id, hash });
const ref = (id: string, kind: DocumentKind = 'rule') => ({ kind, id });

describe('reconcile', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await openBench();
    const documents = ['a', 'b', 'c', 'd'].map((id) => rule(id, `Regra ${id}`, 'Texto.', { hash: `etag-${id}` }));
    const faq = { kind: 'faq', id: 'f', title: 'Pergunta', body: 'Resposta.', hash: 'etag-f' };
    await bench.knowledge.upsert(tenant, 'odoo', [...documents, faq], never);
    await bench.knowledge.upsert(tenant, 'yaml', [rule('y', 'Regra do arquivo', 'Texto.', { hash: 'etag-y' })], never);
  });

  afterEach(() => bench.close());

  const reconcile = (changes: Partial<ReconcileRequest>, knowledge = bench.knowledge) =>
    knowledge.reconcile(tenant, {
      source: 'odoo',
      kinds: ['rule'],
      run: 'run-1',
      items: [],
      last: false,
      dryRun: false,
      ...changes,
    });
  const stored = async () =>
    (await bench.deps.documents.all(tenant.accountId)).map(({ document }) => document.id).sort();

  it('names what is missing and what is out of date of each page, and removes nothing before the last', async () => {
    const report = await reconcile({ items: [item('a'), item('b', 'newer'), item('new')] });
    assert.deepEqual(report, { missing: [ref('new')], stale: [ref('b')], extra: [], removed: 0 });
    assert.deepEqual(await stored(), ['a', 'b', 'c', 'd', 'f', 'y']);
  });

  it('the last page removes what no page of the run listed, only of its source and its kinds', async () => {
    await reconcile({ items: [item('a')] });
    const report = await reconcile({ items: [item('b')], last: true });
    assert.deepEqual([report.extra, report.removed], [[ref('c'), ref('d')], 2]);
    assert.deepEqual(await stored(), ['a', 'b', 'f', 'y']);
  });

  it('a dry run says what it would remove and removes nothing', async () => {
    const report = await reconcile({ items: [item('a')], last: true, dryRun: true });
    assert.deepEqual([report.extra.length, report.removed], [3, 0]);
    assert.equal((await stored()).length, 6);
  });

  it('the last page sent again removes nothing more', async () => {
    await reconcile({ items: [item('a'), item('b')] });
    assert.equal((await reconcile({ items: [item('c')], last: true })).removed, 1);
    assert.equal((await reconcile({ items: [item('c')], last: true })).removed, 0);
    assert.deepEqual(await stored(), ['a', 'b', 'c', 'f', 'y']);
  });

  it('a run that is cut by a restart keeps its earlier pages', async () => {
    await reconcile({ items: [item('a'), item('b')] });
    await bench.restart();
    assert.deepEqual((await reconcile({ items: [item('c')], last: true })).extra, [ref('d')]);
  });

  it('pages of one run may reach different instances', async () => {
    await reconcile({ items: [item('a'), item('b')] }, bench.another());
    assert.deepEqual((await reconcile({ items: [item('c')], last: true }, bench.another())).extra, [ref('d')]);
  });

  it('two runs do not mix', async () => {
    await reconcile({ run: 'run-1', items: [item('a'), item('b'), item('c')] });
    const report = await reconcile({ run: 'run-2', items: [item('d')], last: true, dryRun: true });
    assert.deepEqual(
      report.extra.map(({ id }) => id),
      ['a', 'b', 'c'],
    );
  });

  it('a document of another source counts as missing', async () => {
    assert.deepEqual((await reconcile({ items: [item('y')] })).missing, [ref('y')]);
  });

  it('an item of a kind the run does not cover is refused with its path', async () => {
    await assert.rejects(
      reconcile({ items: [item('a'), item('f', 'x', 'faq')] }),
      (error) =>
        error instanceof BridgeError && error.code === 'bad_request' && error.problems[0]?.path === 'items.1.kind',
    );
  });

  it('a finished run shows in the status as the last sync', async () => {
    bench.clock.nowMs += 60_000;
    await reconcile({ items: ['a', 'b', 'c', 'd'].map((id) => item(id)), last: true });
    const { kinds } = await bench.knowledge.status(tenant);
    assert.equal(kinds.rule?.last_sync, new Date(bench.clock.nowMs).toISOString());
    assert.equal(kinds.faq?.last_sync, new Date(bench.clock.nowMs - 60_000).toISOString());
  });
});
