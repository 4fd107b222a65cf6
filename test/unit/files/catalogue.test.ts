import assert from 'node:assert/strict';
import path from 'node:path';
import { YamlCatalogue } from '../../../bridge/adapters/files/catalogue.ts';
import { KnowledgeFiles } from '../../../bridge/adapters/files/knowledge-files.ts';
import { tenantsFolder, type TenantsFolder } from '../../fixtures/tenants-folder.ts';

const rules = `
documents:
  - { kind: rule, id: troca, title: Troca, body: Em 15 dias., valid_to: 2026-12-31, channels: [WhatsApp] }
  - { kind: faq, id: vegano, title: Vegano?, body: Sim. }
`;
const products = `
documents:
  - kind: product
    id: serum
    title: Sérum
    body: Hidrata.
    attributes: { sku: SER-1 }
    live: { price: 89.9, currency: brl, stock: 4 }
  - { kind: product, id: creme, title: Creme, body: Nutre., live: { price: 10, currency: BRL } }
  - { kind: service, id: visita, title: Visita, body: Em casa. }
`;

describe('the YAML catalogue', () => {
  let folder: TenantsFolder;
  let catalogue: YamlCatalogue;
  beforeEach(() => {
    folder = tenantsFolder({
      'shops/loja/knowledge/rules.yaml': rules,
      'shops/loja/knowledge/products.yaml': products,
    });
    catalogue = new YamlCatalogue(new KnowledgeFiles(path.join(folder.root, 'shops/loja')));
  });
  afterEach(() => {
    folder.end();
  });

  const keys = (items: { kind: string; id: string }[]): string[] => items.map(({ kind, id }) => `${kind}:${id}`);

  it('pages of the manifest put together are the whole manifest, in one order', async () => {
    const whole = await catalogue.manifest([], '', 100);
    assert.deepEqual(keys(whole.items), [
      'faq:vegano',
      'product:creme',
      'product:serum',
      'rule:troca',
      'service:visita',
    ]);
    assert.equal(whole.next, '');
    const paged = [];
    let after = '';
    do {
      const page = await catalogue.manifest([], after, 2);
      assert.equal(page.digest, whole.digest);
      paged.push(...page.items);
      after = page.next;
    } while (after !== '');
    assert.deepEqual(paged, whole.items);
  });

  it('only the kinds that were asked for are listed', async () => {
    assert.deepEqual(keys((await catalogue.manifest(['rule', 'service'], '', 10)).items), [
      'rule:troca',
      'service:visita',
    ]);
  });

  it('documents are given with their own hash and without live facts; unknown ones are gone', async () => {
    const { documents, gone } = await catalogue.documents([
      { kind: 'product', id: 'serum' },
      { kind: 'rule', id: 'never' },
    ]);
    const [listed] = (await catalogue.manifest(['product'], 'product:creme', 1)).items;
    assert.equal(documents[0]?.hash, listed?.hash);
    assert.equal(documents[0]?.source, 'yaml');
    assert.doesNotMatch(JSON.stringify(documents), /89\.9|live/);
    assert.deepEqual(gone, [{ kind: 'rule', id: 'never' }]);
  });

  it('a changed price changes the facts at once and no hash, a changed text changes its hash alone', async () => {
    const before = await catalogue.manifest([], '', 100);
    folder.write({ 'shops/loja/knowledge/products.yaml': products.replace('89.9', '79.5') });
    assert.equal((await catalogue.productFacts([{ kind: 'product', id: 'serum' }]))[0]?.price, 79.5);
    assert.equal((await catalogue.manifest([], '', 100)).digest, before.digest);
    folder.write({ 'shops/loja/knowledge/rules.yaml': rules.replace('15 dias', '30 dias') });
    const after = await catalogue.manifest([], '', 100);
    const changed = after.items.filter((item, index) => item.hash !== before.items[index]?.hash);
    assert.deepEqual(keys(changed), ['rule:troca']);
  });

  it('facts name what is known; a product without live facts, and an unknown one, are left out', async () => {
    const refs = ['serum', 'creme', 'never'].map((id) => ({ kind: 'product' as const, id }));
    assert.deepEqual(await catalogue.productFacts([...refs, { kind: 'service', id: 'visita' }]), [
      { ref: refs[0], price: 89.9, currency: 'BRL', stock: 4 },
      { ref: refs[1], price: 10, currency: 'BRL', stock: null },
    ]);
  });

  it('a wrong document is left out and named with file and path; the others count', async () => {
    folder.write({
      'shops/loja/knowledge/wrong.yaml': `
documents:
  - { kind: rule, id: no-title, body: x }
  - { kind: rule, id: colour, title: a, body: b, colour: red }
  - { kind: product, id: priced, title: a, body: b, live: { price: cheap } }
  - { kind: faq, id: vegano, title: again, body: b }
  - just text
`,
      'shops/loja/knowledge/worse.yaml': 'documents: {',
      'shops/loja/knowledge/other.yaml': 'rules: []',
    });
    const { entries, problems } = await new KnowledgeFiles(path.join(folder.root, 'shops/loja')).read();
    assert.equal(entries.size, 5);
    assert.deepEqual(
      problems.map(({ file, path: place }) => `${path.basename(file)} ${place}`),
      [
        'other.yaml ',
        'worse.yaml ',
        'wrong.yaml documents.0.title',
        'wrong.yaml documents.1',
        'wrong.yaml documents.2.live.price',
        'wrong.yaml documents.3',
        'wrong.yaml documents.4',
      ],
    );
    assert.ok(problems.every(({ file }) => file.startsWith('shops/loja/knowledge/')));
    const check = await catalogue.check();
    assert.equal(check.ok, false);
    assert.match(check.message, /other\.yaml/);
  });

  it('a tenant without knowledge files has an empty catalogue', async () => {
    const empty = new YamlCatalogue(new KnowledgeFiles(path.join(folder.root, 'shops/none')));
    assert.deepEqual((await empty.manifest([], '', 10)).items, []);
    assert.equal((await empty.check()).ok, true);
  });
});
