// The shared beginning of all scripts, run by a real bash in a repository that has nothing but a lock file.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const prepareFile = path.resolve(import.meta.dirname, '../../../scripts/lib/prepare.sh');

describe('the beginning of scripts', () => {
  let root = '';
  let commands = '';
  const at = (name: string): string => path.join(root, name);
  const command = (name: string, body: string): void => {
    writeFileSync(path.join(commands, name), `#!/bin/bash\n${body}\n`);
    chmodSync(path.join(commands, name), 0o755);
  };
  const prepare = (): { code: number | null; out: string; error: string } => {
    const { status, stdout, stderr } = spawnSync(
      '/bin/bash',
      ['--norc', '-c', 'set -eu; . scripts/lib/prepare.sh; prepare || exit 1'],
      {
        cwd: root,
        encoding: 'utf8',
        env: { PATH: `${commands}:${path.dirname(process.execPath)}:/usr/bin:/bin`, TMPDIR: root },
      },
    );
    return { code: status, out: stdout, error: stderr };
  };
  const installs = (): number =>
    existsSync(at('installs')) ? readFileSync(at('installs'), 'utf8').split('\n').length - 1 : 0;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'ui-prepare-'));
    commands = at('commands');
    for (const folder of ['commands', 'scripts/lib', 'node_modules']) mkdirSync(at(folder), { recursive: true });
    copyFileSync(prepareFile, at('scripts/lib/prepare.sh'));
    writeFileSync(at('package-lock.json'), '{ "one": 1 }');
    command('npm', `echo "$*" >> '${at('installs')}'; mkdir -p node_modules`);
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('installs once and again only when the lock file changed, quietly otherwise', () => {
    assert.deepEqual(prepare(), { code: 0, out: '', error: 'installing npm packages…\n' });
    assert.deepEqual(prepare(), { code: 0, out: '', error: '' });
    assert.equal(installs(), 1);
    writeFileSync(at('package-lock.json'), '{ "two": 2 }');
    assert.equal(prepare().code, 0);
    assert.equal(installs(), 2);
    assert.match(readFileSync(at('installs'), 'utf8'), /^ci /);
  });

  it('whoever removes node_modules is installed again', () => {
    prepare();
    rmSync(at('node_modules'), { recursive: true });
    prepare();
    assert.equal(installs(), 2);
  });

  it('packages installed by hand after the lock file are not installed again, older ones are', () => {
    mkdirSync(at('node_modules/ts-blank-space'));
    writeFileSync(at('node_modules/.package-lock.json'), '{}');
    utimesSync(at('node_modules/.package-lock.json'), 1_000, 1_000);
    assert.equal(prepare().code, 0);
    assert.equal(installs(), 1);
    rmSync(at('node_modules/.installed-lock'));
    utimesSync(at('package-lock.json'), 500, 500);
    assert.deepEqual(prepare(), { code: 0, out: '', error: '' });
    assert.equal(installs(), 1);
  });

  it('an installation that fails is told with its last lines and tried again the next time', () => {
    command('npm', `echo x >> '${at('installs')}'; echo 'npm error reason' >&2; exit 1`);
    const { code, error } = prepare();
    assert.equal(code, 1);
    assert.match(error, /npm ci failed[^]*npm error reason[^]*all of it: /);
    prepare();
    assert.equal(installs(), 2);
  });

  it('a Node that is too old is refused in one line, before anything is installed', () => {
    for (const version of ['18.20.4', '20.18.3', '16.0.0']) {
      const script =
        'script=$2; [ "$1" = --version ] && { echo v$VERSION; exit; }; exec "$REAL" -e "Object.defineProperty(process, \'versions\', {value: {node: \'$VERSION\'}}); $script"';
      command('node', `VERSION=${version}; REAL='${process.execPath}'; ${script}`);
      const { code, error } = prepare();
      assert.equal(code, 1, version);
      assert.match(error, new RegExp(`^Node\\.js v${version} is too old: install version 20\\.19 or newer[^\\n]*\\n$`));
    }
    assert.equal(installs(), 0);
  });

  it('a Node of 20.19, 22 or 24 is fine', () => {
    for (const version of ['20.19.0', '22.1.0', '24.0.0']) {
      const script =
        'exec "$REAL" -e "Object.defineProperty(process, \'versions\', {value: {node: \'$VERSION\'}}); $2"';
      command('node', `VERSION=${version}; REAL='${process.execPath}'; ${script}`);
      assert.equal(prepare().code, 0, version);
    }
  });
});
