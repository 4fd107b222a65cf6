// A lexicon is data that people edit: what is wrong in one file must cost its wordings and nothing else.
import assert from 'node:assert/strict';
import { LexiconFiles } from '../../../bridge/adapters/files/lexicon-files.ts';
import type { Lexicon } from '../../../bridge/core/knowledge/text/lexicon.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import type { LogLine } from '../../fixtures/quiet-log.ts';
import { tenantsFolder, type TenantsFolder } from '../../fixtures/tenants-folder.ts';

const base = 'concepts:\n  parking:\n    pt: estacionamento, deixar o carro\n';
const shop = 'concepts:\n  sofa:\n    pt: sofá, onde sentar\n';

describe('lexicon files', () => {
  let folder: TenantsFolder;
  let lines: LogLine[];
  let nowMs = 0;
  let files: LexiconFiles;

  beforeEach(() => {
    folder = tenantsFolder({ '_base/lexicon.yaml': base, 'retail/lexicon.yaml': shop });
    lines = [];
    files = new LexiconFiles({ root: folder.root, log: quietLog(lines), now: () => nowMs });
  });
  afterEach(() => folder.end());

  const knows = (lexicon: Lexicon) => [
    lexicon.wordsOf('pt').has('estacionamento'),
    lexicon.wordsOf('pt').has('sentar'),
  ];
  const errors = () => lines.filter(({ level }) => level === 'error').map(({ fields }) => fields);

  it('are the common one with the domain’s beside it', async () => {
    assert.deepEqual(knows(await files.for('retail')), [true, true]);
    assert.deepEqual(knows(await files.for('clinics')), [true, false]);
    assert.deepEqual(errors(), []);
  });

  it('with a wrong one: it is left out, named with the place in it, and the rest works', async () => {
    folder.write({ 'retail/lexicon.yaml': 'concepts:\n  sofa:\n    pt: sofá, onde sentar\n    fr: canapé\n' });
    assert.deepEqual(knows(await files.for('retail')), [true, false]);
    const [error, ...more] = errors();
    assert.deepEqual(more, []);
    assert.equal(error?.['file'], 'retail/lexicon.yaml');
    assert.equal(error['path'], 'concepts.sofa');
  });

  it('with a wrong common one: the domain’s own wordings still count', async () => {
    folder.write({ '_base/lexicon.yaml': 'concepts:\n  parking:\n    near: 7\n' });
    assert.deepEqual(knows(await files.for('retail')), [false, true]);
    assert.deepEqual(
      errors().map(({ file, path }) => [file, path]),
      [['_base/lexicon.yaml', 'concepts.parking.near']],
    );
  });

  it('that are no YAML are left out and named, and count again once they are mended', async () => {
    folder.write({ 'retail/lexicon.yaml': 'concepts: [sofa\n' });
    assert.deepEqual(knows(await files.for('retail')), [true, false]);
    assert.equal(errors()[0]?.['file'], 'retail/lexicon.yaml');
    folder.write({ 'retail/lexicon.yaml': shop });
    nowMs += 5_001;
    assert.deepEqual(knows(await files.for('retail')), [true, true]);
    assert.equal(errors().length, 1);
  });

  it('that name a concept nobody describes say so and work', async () => {
    folder.write({ 'retail/lexicon.yaml': 'concepts:\n  sofa:\n    is: [furniture]\n    pt: onde sentar\n' });
    assert.deepEqual(knows(await files.for('retail')), [true, true]);
    assert.ok(lines.some(({ level, fields }) => level === 'warn' && fields['name'] === 'sofa → furniture'));
  });
});
