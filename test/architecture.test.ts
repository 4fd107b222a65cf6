// The borders of the house, read from the import lines: who may import whom, who alone may use which package, and that
// core has no cycles. The table is the one in README.md, "Map".
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

interface Import {
  from: string;
  specifier: string;
  /** Repository path for relative imports, null for packages and builtins. */
  target: string | null;
  typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder))
    .map((name) => path.join(folder, name))
    .flatMap((entry) => (statSync(path.join(root, entry)).isDirectory() ? sources(entry) : [entry]))
    .filter((file) => file.endsWith('.ts'));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const pattern =
    /^\s*(?:import|export)\s+(type\s+)?[^'";]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
  return [...text.matchAll(pattern)].map((match) => {
    const specifier = match[2] ?? match[3] ?? match[4] ?? '';
    const target = specifier.startsWith('.') ? path.normalize(path.join(path.dirname(file), specifier)) : null;
    return { from: file, specifier, target, typeOnly: match[1] !== undefined };
  });
}

const files = sources('bridge');
const imports = files.flatMap(importsOf);
const ring = (file: string): string => file.split(path.sep)[1] ?? '';
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
const isRoot = (file: string): boolean => path.dirname(file) === 'bridge';

/** Packages core may use, each behind the files named: pure functions only. */
const corePackages: Record<string, RegExp> = {
  zod: /./,
  luxon: /./,
  tinyld: /language\.ts$/,
  'lru-cache': /core\/cache\//,
  '@orama/stemmers': /core\/knowledge\/text\//,
};

/** Packages that belong to one folder or file alone. */
const singleOwners: Record<string, RegExp> = {
  yaml: /^bridge\/adapters\/files\//,
  bull: /^bridge\/adapters\/redis\/turn-queue\.ts$/,
  ioredis: /^bridge\/adapters\/redis\//,
  openai: /^bridge\/adapters\/openai\//,
  '@qdrant/js-client-rest': /^bridge\/adapters\/qdrant\//,
  'odoo-xmlrpc': /^bridge\/adapters\/odoo\/xmlrpc-connection\.ts$/,
  xmlrpc: /^bridge\/adapters\/odoo\/xmlrpc-connection\.ts$/,
  pino: /^bridge\/adapters\/pino\//,
  'prom-client': /^bridge\/adapters\/prometheus\//,
  express: /^bridge\/entry\//,
  'node-cron': /^bridge\/entry\//,
};

const adapterContracts =
  /^bridge\/core\/(ports\/[a-z-]+|errors|message|tenant|stores)\.ts$|^bridge\/core\/knowledge\/(document|field-mapping|knowledge|vector-cache|text\/.*)\.ts$|^bridge\/core\/cache\/keys\.ts$|^bridge\/core\/cost\/model-prices\.ts$/;

function offenders(rule: (imported: Import) => boolean): string[] {
  return imports
    .filter((imported) => !isRoot(imported.from) && !rule(imported))
    .map(({ from, specifier }) => `${from} → ${specifier}`);
}

describe('architecture', () => {
  it('reads real sources', () => {
    assert.ok(files.length > 50 && imports.length > 100);
  });

  it('core imports only core, hashing and the pure packages named for it', () => {
    const wrong = offenders(({ from, specifier, target }) => {
      if (ring(from) !== 'core') return true;
      if (target) return ring(target) === 'core';
      if (specifier.startsWith('node:')) return specifier === 'node:crypto';
      return corePackages[packageOf(specifier)]?.test(from) ?? false;
    });
    assert.deepEqual(wrong, []);
  });

  it('core uses node:crypto for hashing and constant-time compares only', () => {
    const wrong = files
      .filter((file) => ring(file) === 'core')
      .filter((file) => {
        const named =
          /import\s*\{([^}]*)\}\s*from\s*'node:crypto'/.exec(readFileSync(path.join(root, file), 'utf8'))?.[1] ?? '';
        return named.split(',').some((name) => !['', 'createHash', 'timingSafeEqual'].includes(name.trim()));
      });
    assert.deepEqual(wrong, []);
  });

  it('adapters import the contracts of core, their own folder and packages, never another adapter, entry or config', () => {
    const wrong = offenders(({ from, target }) => {
      if (ring(from) !== 'adapters' || target === null) return true;
      return ring(target) === 'core'
        ? adapterContracts.test(target)
        : path.dirname(target).startsWith(from.split(path.sep).slice(0, 3).join(path.sep));
    });
    assert.deepEqual(wrong, []);
  });

  it('entry imports core and entry, never an adapter or config', () => {
    const wrong = offenders(
      ({ from, target }) => ring(from) !== 'entry' || target === null || ['core', 'entry'].includes(ring(target)),
    );
    assert.deepEqual(wrong, []);
  });

  it('config imports errors and config only', () => {
    const wrong = offenders(
      ({ from, target }) =>
        ring(from) !== 'config' || target === null || ring(target) === 'config' || target === 'bridge/core/errors.ts',
    );
    assert.deepEqual(wrong, []);
  });

  it('a package with one owner is imported there alone', () => {
    const wrong = imports.filter(({ from, specifier }) => singleOwners[packageOf(specifier)]?.test(from) === false);
    assert.deepEqual(
      wrong.map(({ from, specifier }) => `${from} → ${specifier}`),
      [],
    );
  });

  it('only config reads the environment, and only the edge knows the clock of the process', () => {
    const wrong = files.filter(
      (file) => ring(file) !== 'config' && /process\.env/.test(readFileSync(path.join(root, file), 'utf8')),
    );
    assert.deepEqual(wrong, []);
  });

  it('inside core: tools and knowledge know neither hub nor crew, crew does not know hub, intake knows none of them', () => {
    const forbidden: Record<string, string[]> = {
      tools: ['hub', 'crew', 'intake'],
      knowledge: ['hub', 'crew', 'intake', 'tools'],
      crew: ['hub', 'intake'],
      intake: ['hub', 'crew', 'tools'],
    };
    const room = (file: string): string => (ring(file) === 'core' ? (file.split(path.sep)[2] ?? '') : '');
    const wrong = offenders(({ from, target }) => !target || !(forbidden[room(from)] ?? []).includes(room(target)));
    assert.deepEqual(wrong, []);
  });

  it('core has no import cycles', () => {
    const edges = new Map<string, string[]>();
    for (const { from, target, typeOnly } of imports) {
      if (target && !typeOnly && ring(from) === 'core') edges.set(from, [...(edges.get(from) ?? []), target]);
    }
    const visiting = new Set<string>();
    const finished = new Set<string>();
    const visit = (file: string, trail: string[]): string[] | null => {
      if (visiting.has(file)) return [...trail, file];
      if (finished.has(file)) return null;
      visiting.add(file);
      for (const next of edges.get(file) ?? []) {
        const cycle = visit(next, [...trail, file]);
        if (cycle) return cycle;
      }
      visiting.delete(file);
      finished.add(file);
      return null;
    };
    for (const file of edges.keys()) assert.equal(visit(file, []), null);
  });
});
