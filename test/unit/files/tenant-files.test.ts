import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { chmodSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { YamlTenantFiles } from '../../../bridge/adapters/files/tenant-files.ts';
import type { TenantFiles } from '../../../bridge/core/ports/tenant-source.ts';
import { checkFiles } from '../../../bridge/core/tenants/check-files.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { tenantsFolder, type TenantsFolder } from '../../fixtures/tenants-folder.ts';

const config = (accountId: string, more = ''): string => `account_id: ${accountId}\nname: Loja\n${more}`;

describe('tenant files', () => {
  let folder: TenantsFolder;
  let sources: YamlTenantFiles[] = [];
  const source = (pollMs?: number): YamlTenantFiles => {
    const made = new YamlTenantFiles({
      root: folder.root,
      log: quietLog(),
      ...(pollMs === undefined ? {} : { pollMs }),
    });
    sources.push(made);
    return made;
  };
  beforeEach(() => {
    folder = tenantsFolder({
      '_base/a.yaml': 'handoff: { team: base }\n',
      '_base/b.yaml': 'handoff: { team: later }\n',
      '_base/.b.yaml.swp': 'not: [yaml',
      'shops/domain.yaml': 'plugins: [from_domain]\n',
      'shops/one/config.yaml': config('one'),
      'shops/only-knowledge/knowledge/rules.yaml': 'documents: []\n',
      'clinics/two/config.yaml': config('two'),
      'README.yaml': 'not a domain',
    });
  });
  afterEach(() => {
    for (const made of sources) made.close();
    sources = [];
    folder.end();
  });

  it('base, domain and tenant files are found where they belong, and other files are left alone', async () => {
    const files = await source().read();
    assert.deepEqual(
      files.base.map((layer) => layer.file),
      ['_base/a.yaml', '_base/b.yaml'],
    );
    assert.deepEqual([...files.domains.keys()], ['shops']);
    assert.deepEqual(
      files.tenants.map(({ file, domain, folder: name }) => [file, domain, name]),
      [
        ['clinics/two/config.yaml', 'clinics', 'two'],
        ['shops/one/config.yaml', 'shops', 'one'],
      ],
    );
    const [two, one] = checkFiles(files);
    assert.deepEqual(one?.config?.plugins, ['from_domain']);
    assert.deepEqual(two?.config?.plugins, []);
    assert.equal(one.config.handoff.team, 'later');
  });

  it('a file that is not YAML is a layer with line and column, and the other tenants are read', async () => {
    folder.write({
      'shops/bad/config.yaml': 'account_id: bad\nname: "open\n',
      'shops/twice/config.yaml': 'name: a\nname: b\n',
    });
    const verdicts = checkFiles(await source().read());
    const wrong = verdicts.filter((verdict) => verdict.config === null).map(({ problems }) => problems[0]);
    assert.deepEqual(
      wrong.map((problem) => problem?.file),
      ['shops/bad/config.yaml', 'shops/twice/config.yaml'],
    );
    for (const problem of wrong) assert.match(problem?.message ?? '', /^is not YAML: line \d+, column \d+: /);
    assert.equal(verdicts.filter((verdict) => verdict.config !== null).length, 2);
  });

  it('YAML that multiplies itself or names missing anchors is a problem of its file only', async () => {
    const levels = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (let index = 1; index < 8; index += 1) {
      const [below, name] = ['abcdefgh'[index - 1], 'abcdefgh'[index]];
      levels.push(
        `${String(name)}: &${String(name)} [${Array<string>(10)
          .fill(`*${String(below)}`)
          .join(',')}]`,
      );
    }
    folder.write({ 'shops/bomb/config.yaml': levels.join('\n'), 'shops/anchor/config.yaml': 'name: *nothing\n' });
    const files = await source().read();
    const broken = files.tenants.filter((layer) => layer.problem !== null).map((layer) => layer.folder);
    assert.deepEqual(broken, ['anchor', 'bomb']);
  });

  it('a file that is far too large is refused without being parsed', async () => {
    folder.write({ 'shops/huge/config.yaml': `name: ${'x'.repeat(2 * 1024 * 1024)}` });
    const huge = (await source().read()).tenants.find((layer) => layer.folder === 'huge');
    assert.match(huge?.problem?.message ?? '', /larger than/);
  });

  it('dates, times and yes/no stay text', async () => {
    folder.write({ 'shops/one/config.yaml': 'day: 2026-12-25\ntime: 09:00\nanswer: no\n' });
    const one = (await source().read()).tenants.find((layer) => layer.folder === 'one');
    assert.deepEqual(one?.content, { day: '2026-12-25', time: '09:00', answer: 'no' });
  });

  it('a file that did not change keeps its layer, so nothing is worked out again', async () => {
    const tenants = source();
    const first = await tenants.read();
    folder.write({ 'clinics/two/config.yaml': config('two', 'description: changed\n') });
    const second = await tenants.read();
    assert.equal(second.tenants[1], first.tenants[1]);
    assert.notEqual(second.tenants[0], first.tenants[0]);
    const before = checkFiles(first);
    assert.equal(checkFiles(second, before)[1], before[1]);
  });

  it('a tenants folder that does not exist holds no tenants', async () => {
    folder.end();
    assert.deepEqual(await source().read(), { base: [], domains: new Map(), tenants: [] });
  });

  it('a tenants folder that is a link, as configuration mounts make them, is followed', async () => {
    const elsewhere = tenantsFolder({ 'config.yaml': config('linked') });
    symlinkSync(elsewhere.root, path.join(folder.root, 'shops', 'linked'));
    symlinkSync('/nowhere', path.join(folder.root, 'shops', 'broken'));
    const names = (await source().read()).tenants.map((layer) => layer.folder);
    assert.deepEqual(names, ['two', 'linked', 'one']);
    elsewhere.end();
  });

  it('a file nobody may read is a problem of that file', async function () {
    if (process.getuid?.() === 0) folder.write({ 'shops/locked/config.yaml/inside': 'a folder in its place' });
    else {
      folder.write({ 'shops/locked/config.yaml': config('locked') });
      chmodSync(path.join(folder.root, 'shops/locked/config.yaml'), 0);
    }
    const locked = (await source().read()).tenants.find((layer) => layer.folder === 'locked');
    assert.match(locked?.problem?.message ?? '', /cannot be read/);
  });

  describe('followed', () => {
    const changes = async (
      tenants: YamlTenantFiles,
      act: () => void,
      enough: (files: TenantFiles) => boolean,
    ): Promise<void> => {
      const seen = new EventEmitter();
      tenants.onChange((files) => enough(files) && seen.emit('enough'));
      await tenants.read();
      const done = once(seen, 'enough');
      act();
      await done;
    };
    const has = (name: string) => (files: TenantFiles) => files.tenants.some((layer) => layer.folder === name);

    it('a new, a changed and a removed tenant are noticed by notification', async () => {
      const slowPoll = 3_600_000;
      await changes(source(slowPoll), () => folder.write({ 'shops/new/config.yaml': config('new') }), has('new'));
      await changes(
        source(slowPoll),
        () => folder.write({ 'shops/one/config.yaml': config('one', 'description: changed\n') }),
        (files) => files.tenants.some((layer) => JSON.stringify(layer.content).includes('changed')),
      );
      await changes(
        source(slowPoll),
        () => folder.remove('shops/one'),
        (files) => !has('one')(files),
      );
    });

    it('what no notification told is noticed by the poll', async () => {
      folder.end();
      // Nothing to watch: the folder comes into being later.
      await changes(source(20), () => folder.write({ 'shops/late/config.yaml': config('late') }), has('late'));
    });

    it('a changed knowledge file names its tenant', async () => {
      const tenants = source(3_600_000);
      const seen = new EventEmitter();
      tenants.onKnowledgeChange((place) => seen.emit('knowledge', place));
      await tenants.read();
      const told = once(seen, 'knowledge');
      folder.write({ 'shops/only-knowledge/knowledge/rules.yaml': 'documents: [] # changed\n' });
      assert.deepEqual(await told, [{ domain: 'shops', accountId: 'only-knowledge' }]);
    });
  });
});
