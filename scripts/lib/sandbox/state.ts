// What one command of scripts/sandbox leaves for the next: which servers run, under which process, on which ports.
// Kept in the sandbox's data folder, readable by its owner only (addresses of private servers, tokens of steps).
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { processIdentitySchema } from '../../../test/sandbox/servers/process-identity.ts';

const serverSchema = z.object({
  name: z.string(),
  process: processIdentitySchema,
  address: z.string(),
  /** What a person types in to get in, e.g. `admin / admin`. */
  login: z.string().optional(),
  stopSignal: z.enum(['SIGTERM', 'SIGINT']),
  stopGraceMs: z.number(),
});

const stateSchema = z.object({
  /** The clone that started it; another clone must not take it over. */
  repository: z.string(),
  /** In the order of their start. */
  servers: z.array(serverSchema),
  ports: z.record(z.string(), z.number()),
  /** Small facts that steps hand to later steps and to later runs. */
  facts: z.record(z.string(), z.string()),
});

export type ServerRecord = z.infer<typeof serverSchema>;
export type SandboxState = z.infer<typeof stateSchema>;

/** The state of a sandbox folder; undefined when nothing was ever started there. */
export function readState(folder: string): SandboxState | undefined {
  const file = stateFile(folder);
  if (!existsSync(file)) return undefined;
  const parsed = stateSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`cannot read ${file}: remove the folder ${folder} and start again`);
  return parsed.data;
}

/** Replaces the state in one step, so that a broken-off command leaves the old one. */
export function writeState(folder: string, state: SandboxState): void {
  mkdirSync(folder, { recursive: true });
  const file = stateFile(folder);
  writeFileSync(`${file}.new`, JSON.stringify(state, undefined, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function stateFile(folder: string): string {
  return path.join(folder, 'state.json');
}
