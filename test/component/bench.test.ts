// scripts/bench as a person runs it: one row in its short form. Its figures are nobody's business here.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '../..');

const Report = z.object({
  version: z.literal(1),
  quick: z.literal(true),
  machine: z.object({ cpus: z.number(), node: z.string() }),
  rows: z.tuple([
    z.object({
      number: z.literal(2),
      error: z.null(),
      result: z.object({
        method: z.string().min(20),
        figures: z.array(
          z.object({
            name: z.string(),
            value: z.number().positive(),
            unit: z.string(),
            target: z.object({ text: z.string(), isMet: z.boolean() }).nullable(),
          }),
        ),
      }),
    }),
  ]),
});

describe('scripts/bench', function () {
  this.timeout(240_000);

  async function bench(...flags: string[]): Promise<{ code: number | null; out: string; error: string }> {
    const child = spawn(path.join(root, 'scripts/bench'), flags);
    const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
    return { code, out, error };
  }

  it('runs a row, prints each figure beside its target and the method, and writes the same as JSON', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ui-bench-test-'));
    try {
      const file = path.join(folder, 'figures.json');
      const { code, out, error } = await bench('--quick', '--only', '2', '--json', file);
      assert.equal(code, 0, error);
      const [row] = Report.parse(JSON.parse(readFileSync(file, 'utf8'))).rows;
      for (const { name, value, target } of row.result.figures) {
        assert.ok(out.includes(name) && out.includes(String(value)), name);
        if (target) assert.ok(out.includes(target.text));
      }
      assert.ok(out.includes(row.result.method));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('a row that does not exist is a wrong call, said in one line', async () => {
    const { code, error } = await bench('--only', '99');
    assert.equal(code, 2);
    assert.match(error, /^bench: no row 99; there are 1, 2, 3/m);
  });
});
