// Compiles the bridge into .build/<hash of the sources> and prints that folder. Done once per state of the sources: into a
// temporary folder that is renamed when complete, so that a broken or concurrent build is never picked up.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const inputs = ['bridge', 'types', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

function filesIn(entry: string): string[] {
  const full = path.join(root, entry);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [entry];
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesIn(path.join(entry, name)));
}

const files = inputs.flatMap(filesIn);
const hash = createHash('sha256');
for (const file of files) hash.update(`${file}\n`).update(readFileSync(path.join(root, file)));
const target = path.resolve(process.argv[2] ?? path.join(root, '.build', hash.digest('hex').slice(0, 16)));

if (!existsSync(target)) {
  const temporary = `${target}.${process.pid}`;
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(
    process.execPath,
    [compiler, '-p', path.join(root, 'tsconfig.build.json'), '--outDir', temporary],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) {
    rmSync(temporary, { recursive: true, force: true });
    console.error(`build: the sources do not compile\n${stdout}`);
    process.exit(1);
  }
  for (const asset of files.filter((file) => file.startsWith('bridge') && !file.endsWith('.ts'))) {
    mkdirSync(path.dirname(path.join(temporary, asset)), { recursive: true });
    cpSync(path.join(root, asset), path.join(temporary, asset));
  }
  // The compiled modules are ESM and ask for the version: both come from package.json, found from beside them.
  cpSync(path.join(root, 'package.json'), path.join(temporary, 'package.json'));
  try {
    renameSync(temporary, target);
  } catch {
    // Another build of the same sources was quicker; its result is the same.
    rmSync(temporary, { recursive: true, force: true });
  }
}
console.log(target);
