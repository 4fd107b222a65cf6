// `scripts/bench knowledge`: how well customers' questions find their documents, by words, by words with concepts, by
// vectors and as the bridge searches; then how fast. With OPENAI_BASE_URL or OPENAI_API_KEY and EMBEDDING_MODEL set it
// shows beside it what that endpoint gains.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { LexiconFiles } from '../../../../bridge/adapters/files/lexicon-files.ts';
import { runCommand } from '../../run-command.ts';
import { endpointFromEnvironment } from './endpoint.ts';
import { askAll, byClass, scoreOf } from './evaluate.ts';
import type { Outcome } from './evaluate.ts';
import { measureSpeed } from './measure-speed.ts';
import type { Speed } from './measure-speed.ts';
import { printScores, printSpeed } from './print.ts';
import type { ScoreRow } from './print.ts';
import { domains, readDocuments, readQuestions } from './read-set.ts';
import { makeSearchers, silent, ways } from './searchers.ts';

const lexicons = new LexiconFiles({ root: path.resolve('tenants'), log: silent });
const endpoint = endpointFromEnvironment();

await runCommand('bench knowledge', async () => {
  const { values } = parseArgs({
    options: {
      half: { type: 'string', multiple: true, default: ['tuning', 'blind'] },
      sizes: { type: 'string', default: '1000,10000,100000' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string', default: '.build/bench-knowledge.json' },
    },
  });
  const halves = (['tuning', 'blind'] as const).filter((half) => values.half.includes(half));
  const scores: ScoreRow[] = [];
  for (const half of halves) {
    const rows = await scoreHalf(half);
    printScores(`Questions of the ${half} half`, rows);
    scores.push(...rows);
  }
  const sizes = values.quick ? [1_000] : values.sizes.split(',').map(Number).filter(Boolean);
  const speeds = await measureSizes(sizes);
  printSpeed(speeds);
  mkdirSync(path.dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify({ scores, speeds }, null, 2)}\n`);
  console.log(`\nwritten to ${values.json}`);
});

/** Only figures leave this function: the blind half's questions are never shown. */
async function scoreHalf(half: 'tuning' | 'blind'): Promise<ScoreRow[]> {
  const questions = readQuestions(half);
  const outcomes = new Map<string, Outcome[]>();
  const rows: ScoreRow[] = [];
  for (const domain of domains) {
    const asked = questions.filter((question) => question.domain === domain);
    const lexicon = await lexicons.for(domain);
    const searchers = await makeSearchers(readDocuments(domain), lexicon);
    const all = endpoint
      ? { ...searchers, endpoint: (await makeSearchers(readDocuments(domain), lexicon, endpoint)).hybrid }
      : searchers;
    for (const [way, search] of Object.entries(all)) {
      const answered = await askAll(asked, search);
      outcomes.set(way, [...(outcomes.get(way) ?? []), ...answered]);
      if (way === 'hybrid' || way === 'endpoint') rows.push({ half, way, of: domain, score: scoreOf(answered) });
    }
  }
  const shown = [...ways, ...(endpoint ? ['endpoint'] : [])];
  const classRows = shown.flatMap((way) =>
    byClass(outcomes.get(way) ?? []).map(({ name, score }) => ({ half, way, of: name, score })),
  );
  return [...classRows, ...rows];
}

async function measureSizes(sizes: readonly number[]): Promise<Speed[]> {
  const lexicon = await lexicons.for('retail');
  const texts = readQuestions('tuning').map(({ text }) => text);
  const speeds: Speed[] = [];
  for (const size of sizes) speeds.push(await measureSpeed(size, lexicon, texts));
  return speeds;
}
