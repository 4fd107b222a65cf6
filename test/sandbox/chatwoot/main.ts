// The simulated Chatwoot as a process:
//   node --import ts-blank-space/register test/sandbox/chatwoot/main.ts --port 3100 --config seed.json
// Prints one line with its address when it is ready, and with --print-seed a JSON line with ids, tokens and secrets.
// The configuration may come from standard input (`--config -`), so that secrets need no file. Ends on SIGTERM or Ctrl-C.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { sandboxConfig, type SandboxConfig } from './config.ts';
import { startChatwootSandbox } from './start-chatwoot-sandbox.ts';

const HELP = `Usage: main.ts [--port N] [--host 127.0.0.1] [--config FILE|-] [--version 4.15.1] [--print-seed]

  --port       port to listen on; 0 or absent: a free one
  --config     seed as JSON: accounts, inboxes, bots, tokens (see config.ts); "-" reads standard input
  --version    Chatwoot version to imitate, over the one in the seed
  --print-seed prints ids, tokens and secrets as one JSON line after the address`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    config: { type: 'string' },
    version: { type: 'string' },
    'print-seed': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function readConfig(path: string | undefined): SandboxConfig {
  const given: unknown = path === undefined ? {} : JSON.parse(readFileSync(path === '-' ? 0 : path, 'utf8'));
  const config = sandboxConfig.parse(given);
  return values.version === undefined ? config : { ...config, version: values.version };
}

if (values.help) {
  console.log(HELP);
} else {
  try {
    const sandbox = await startChatwootSandbox({
      ...readConfig(values.config),
      port: Number(values.port),
      host: values.host,
    });
    console.log(`chatwoot sandbox: ${sandbox.url}`);
    if (values['print-seed']) console.log(JSON.stringify(sandbox.api.seed()));
    const end = (): void => void sandbox.stop();
    process.once('SIGTERM', end);
    process.once('SIGINT', end);
  } catch (error) {
    console.error(`chatwoot sandbox: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
