// The lock file must name every optional platform package: npm drops those of other platforms when it cannot see them, and
// `npm ci` then fails elsewhere. `check` reports what is missing, `complete` writes it, derived from the package's own name
// and the version its parent asks for.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface LockedPackage {
  version?: string;
  optionalDependencies?: Record<string, string>;
  [key: string]: unknown;
}

interface LockFile {
  packages: Record<string, LockedPackage>;
}

const file = path.resolve(import.meta.dirname, '../../package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8')) as LockFile;

const operatingSystems = ['darwin', 'linux', 'win32', 'android', 'freebsd', 'openbsd', 'netbsd', 'aix', 'sunos'];
const processors = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el'];

function platformOf(name: string): { os?: string[]; cpu?: string[] } {
  const words = name.split(/[-/]/);
  const os = operatingSystems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  return { ...(cpu.length > 0 ? { cpu } : {}), ...(os.length > 0 ? { os } : {}) };
}

function missing(): { name: string; version: string; dev: boolean }[] {
  return Object.values(lock.packages).flatMap((parent) =>
    Object.entries(parent.optionalDependencies ?? {})
      .filter(([name]) => !lock.packages[`node_modules/${name}`])
      .map(([name, version]) => ({ name, version: version.replace(/^[\^~]/, ''), dev: parent['dev'] === true })),
  );
}

const absent = missing();
const action = process.argv[2];
if (action === 'complete') {
  for (const { name, version, dev } of absent) {
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platformOf(name),
      ...(dev ? { dev } : {}),
      license: 'MIT',
      optional: true,
    };
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`lock file: added ${absent.length} platform packages`);
} else if (absent.length > 0) {
  console.error(`lock file: these optional packages are not named: ${absent.map(({ name }) => name).join(', ')}`);
  console.error("lock file: run 'node --import ts-blank-space/register scripts/lib/lock-file.ts complete'");
  process.exit(1);
} else if (Object.values(lock.packages).some((entry) => typeof entry['resolved'] === 'string')) {
  console.error('lock file: download addresses are recorded; install with the .npmrc of this repository');
  process.exit(1);
}
