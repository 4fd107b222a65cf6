// Runs the bridge as a process of its own with a given environment and waits for the line that says it is ready.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

export interface BridgeProcess {
  url: string;
  child: ChildProcess;
  /** The installation's admin token, generated in the data folder in embedded mode. */
  adminToken: string;
  stop(): Promise<void>;
}

export interface BridgeOptions {
  dataDir: string;
  environment: Record<string, string>;
  logFile: string;
}

export async function startBridge({ dataDir, environment, logFile }: BridgeOptions): Promise<BridgeProcess> {
  const child = spawn('bash', [path.join(root, 'scripts/start')], {
    cwd: root,
    env: { ...cleanEnvironment(), DATA_DIR: dataDir, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await readyUrl(child, logFile);
  const adminToken =
    environment['BRIDGE_ADMIN_TOKEN'] ?? readFileSync(path.join(dataDir, 'admin-token'), 'utf8').trim();
  return { url, child, adminToken, stop: () => stop(child) };
}

/** The bridge of a demo or a test is described by its options alone. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const bridgeVariables =
    /^(PORT|HOST|ROLES|TENANTS_DIR|DATA_DIR|BRIDGE_.*|REDIS_.*|QDRANT_.*|VECTOR_ISOLATION|OPENAI_.*|LLM_.*|EMBEDDING_MODEL|TRANSCRIPTION_MODEL|VISION_MODEL|METRICS_TOKEN|MCP_COMMANDS|LOG_LEVEL|PUBLIC_URL)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !bridgeVariables.test(name)));
}

function readyUrl(child: ChildProcess, logFile: string): Promise<string> {
  const log = createWriteStream(logFile, { flags: 'a' });
  return new Promise((resolve, reject) => {
    let seen = '';
    const read = (chunk: Buffer) => {
      log.write(chunk);
      if (seen.length > 100_000) return;
      seen += chunk.toString();
      const ready = /^bridge ready at (\S+)$/m.exec(seen);
      if (ready?.[1]) resolve(ready[1]);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('exit', (code) =>
      reject(new Error(`the bridge ended with ${code ?? 'a signal'} before it was ready:\n${seen.slice(-2000)}`)),
    );
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.on('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** One JSON-RPC call with the admin token; rejects with the error's message. */
export async function callBridge(
  bridge: Pick<BridgeProcess, 'url' | 'adminToken'>,
  method: string,
  params: Record<string, unknown>,
): Promise<unknown> {
  const response = await fetch(`${bridge.url}/rpc`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${bridge.adminToken}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const answer = (await response.json()) as { result?: unknown; error?: { message: string; data?: unknown } };
  if (answer.error) throw new Error(`${method}: ${answer.error.message} ${JSON.stringify(answer.error.data ?? '')}`);
  return answer.result;
}
