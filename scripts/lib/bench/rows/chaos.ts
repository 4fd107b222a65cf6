// Rows 10 and 11: what the chaos suite counts. The suite judges; here its own lines are read and shown beside the target.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { atMost, reported } from '../row.ts';
import type { Figure, Row, RowOptions, RowResult } from '../row.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

export const kills: Row = {
  number: 10,
  title: 'kill -9 at random moments while messages flow, half of them inside the POST to Chatwoot',
  onRequest: true,
  run: (options) => runSuite('test/chaos/kills.test.ts', options),
};

export const redisStopped: Row = {
  number: 11,
  title: 'Redis stopped under load, then back',
  onRequest: true,
  run: (options) => runSuite('test/chaos/redis-stopped.test.ts', options),
};

async function runSuite(file: string, { quick }: RowOptions): Promise<RowResult> {
  const output = await runMocha(file, quick ? {} : { CHAOS: 'full' });
  const number = (word: string) => Number(new RegExp(`^\\s+(\\d+) ${word}`, 'm').exec(output)?.[1] ?? 0);
  const lines = [...output.matchAll(/seed (\d+): (.*)$/gm)];
  if (lines.length === 0) throw new Error(`${file} counted nothing:\n${output.slice(-1_500)}`);
  return {
    figures: [
      ...lines.flatMap(([, , text], index) => figuresOf(text ?? '', lines.length > 1 ? `run ${index + 1}: ` : '')),
      atMost('runs that failed', number('failing'), '', 0, '0'),
      reported('runs that held', number('passing'), ''),
    ],
    method: `${file}${quick ? ' in its short form' : ' in its long form (CHAOS=full)'}: ${lines.map(([, seed, text]) => `seed ${seed}, ${text?.split('{')[0]?.trim() ?? ''}`).join('; ')}`,
  };
}

/** `unanswered` and `twice` and what else must be none are held against 0. */
function figuresOf(text: string, run: string): Figure[] {
  const json = /\{.*\}/.exec(text)?.[0];
  const counts = Object.entries(json === undefined ? {} : (JSON.parse(json) as Record<string, unknown>));
  return counts.flatMap(([name, value]) => {
    if (typeof value !== 'number') return [];
    const mustBeNone = ['unanswered', 'twice', 'outOfOrder', 'withPeople'].includes(name);
    return [mustBeNone ? atMost(run + name, value, '', 0, '0') : reported(run + name, value, '')];
  });
}

function runMocha(file: string, more: Record<string, string>): Promise<string> {
  const mocha = path.join(root, 'node_modules/mocha/bin/mocha.js');
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [mocha, '--timeout', '3600000', file], {
      cwd: root,
      env: { ...process.env, ...more },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', () => resolve(output));
  });
}
