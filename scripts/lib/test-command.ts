// Runs the suites one after the other and ends with one line that counts everything: `N passed, N failed, N skipped`.
// Called by scripts/test, which has installed what the suites need.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { listAddons } from '../../test/sandbox/servers/addons.ts';
import { runOdooTests } from '../../test/sandbox/servers/odoo-tests.ts';

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

interface Suite {
  name: string;
  run(options: string[]): Promise<Count>;
}

/** How long a suite's process may live after its last line. */
const overdueMs = 30_000;

const root = path.resolve(import.meta.dirname, '../..');

const suites: Suite[] = [
  { name: 'check', run: runCheck },
  { name: 'unit', run: () => runMocha(['test/unit/**/*.test.ts', 'test/sandbox/**/*.test.ts']) },
  { name: 'contract', run: () => runMocha(['test/contract/**/*.test.ts']) },
  { name: 'component', run: () => runMocha(['test/component/**/*.test.ts'], ['--timeout', '120000']) },
  { name: 'odoo', run: runOdoo },
  { name: 'browser', run: () => runMocha(['test/browser/**/*.test.ts'], ['--timeout', '300000']) },
  {
    name: 'chaos',
    run: (options) =>
      runMocha(
        ['test/chaos/**/*.test.ts'],
        ['--timeout', '1500000'],
        options.includes('--full') ? { CHAOS: 'full' } : {},
      ),
  },
];

async function main(): Promise<void> {
  const names = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
  const options = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    console.error(
      `test: no suite is called ${unknown.join(', ')}; known: ${suites.map(({ name }) => name).join(', ')}`,
    );
    process.exit(2);
  }
  const chosen = names.length === 0 ? suites : suites.filter((suite) => names.includes(suite.name));
  const results: { name: string; count: Count; seconds: number }[] = [];
  for (const suite of chosen) {
    console.log(`\n=== ${suite.name}`);
    const startedMs = performance.now();
    const count = await suite.run(options);
    results.push({ name: suite.name, count, seconds: Math.round((performance.now() - startedMs) / 1000) });
  }
  report(results);
}

function report(results: { name: string; count: Count; seconds: number }[]): void {
  console.log('');
  for (const { name, count, seconds } of results) {
    console.log(
      `${name.padEnd(10)} ${String(count.passed).padStart(5)} passed ${String(count.failed).padStart(3)} failed ${String(count.skipped).padStart(3)} skipped  ${seconds} s`,
    );
  }
  const sum = (pick: (count: Count) => number) => results.reduce((total, { count }) => total + pick(count), 0);
  const failed = sum((count) => count.failed);
  console.log(`${sum((count) => count.passed)} passed, ${failed} failed, ${sum((count) => count.skipped)} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}

async function runCheck(): Promise<Count> {
  const { stdout } = spawnSync(path.join(root, 'scripts/check'), { encoding: 'utf8', cwd: root, maxBuffer: 1 << 28 });
  process.stdout.write(stdout);
  const lines = stdout.split('\n');
  const passed = lines.filter((line) => line.startsWith('ok ')).length;
  const failed = lines.filter((line) => line.startsWith('FAILED ')).length;
  return { passed, failed: passed + failed === 0 ? 1 : failed, skipped: 0 };
}

async function runOdoo(): Promise<Count> {
  try {
    const result = await runOdooTests(listAddons(), { onLog: (text) => process.stdout.write(text) });
    for (const problem of result.problems) console.log(`odoo: ${problem}`);
    return {
      passed: result.passed,
      failed: result.failed + result.errors + result.problems.length,
      skipped: result.skipped,
    };
  } catch (error) {
    console.log(`odoo: ${error instanceof Error ? error.message : String(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** Counts what mocha's own last lines say; a run that ends without them is a failure. */
async function runMocha(specs: string[], options: string[] = [], extra: Record<string, string> = {}): Promise<Count> {
  const folder = specs[0]?.split('/').slice(0, 2).join('/') ?? '';
  if (!existsSync(path.join(root, folder)) || readdirSync(path.join(root, folder)).length === 0) {
    return { passed: 0, failed: 0, skipped: 0 };
  }
  const { output, code } = await runShown(
    process.execPath,
    [path.join(root, 'node_modules/mocha/bin/mocha.js'), ...options, ...specs],
    extra,
  );
  const number = (word: string) => Number(new RegExp(`^\\s+(\\d+) ${word}`, 'm').exec(output)?.[1] ?? 0);
  const count = { passed: number('passing'), failed: number('failing'), skipped: number('pending') };
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

function runShown(
  command: string,
  args: string[],
  extra: Record<string, string>,
): Promise<{ output: string; code: number }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...extra },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    let ending: NodeJS.Timeout | null = null;
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      process.stdout.write(chunk);
      if (/^\s+\d+ passing/m.test(output)) ending ??= setTimeout(() => endOverdue(child), overdueMs);
    });
    child.on('close', (code) => {
      if (ending) clearTimeout(ending);
      resolve({ output, code: code ?? 1 });
    });
  });
}

/** What a failed test left open must not hold up the suites after it; the run counts as failed. */
function endOverdue(child: ChildProcess): void {
  console.log('test: the suite has ended and its process has not; it is stopped');
  child.kill('SIGKILL');
}

await main();
