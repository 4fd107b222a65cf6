// The model server as a process: node --import ts-blank-space/register test/sandbox/model-server/main.ts --port 4010 --mode rules
// Prints its base address in one line when it is ready; ends on SIGTERM or Ctrl-C.
import { parseArgs } from 'node:util';
import { startModelServer } from './start-model-server.ts';

const HELP = `Usage: main.ts [--port N] [--host H] [--mode rules|script] [--delay MS] [--embedding-delay MS] [--dimensions N] [--api-key K]`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    mode: { type: 'string', default: 'rules' },
    delay: { type: 'string', default: '0' },
    'embedding-delay': { type: 'string', default: '0' },
    dimensions: { type: 'string', default: '256' },
    'api-key': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(HELP);
} else {
  const server = await startModelServer({
    port: Number(values.port),
    host: values.host,
    mode: values.mode === 'script' ? 'script' : 'rules',
    delayMs: Number(values.delay),
    embeddingDelayMs: Number(values['embedding-delay']),
    dimensions: Number(values.dimensions),
    apiKey: values['api-key'] ?? null,
  });
  console.log(`model server: ${server.url}`);
  const end = (): void => void server.stop();
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}
