// The environment as frozen, typed settings: the only reader of process.env. Every variable is optional; with nothing
// set the bridge runs embedded. All problems are found before anything starts and are reported together, so that a
// person mends the environment once and not line by line.
import path from 'node:path';
import { readEnvironment, type Environment } from './environment.ts';
import { readSecrets } from './secrets.ts';
import { SettingsError } from './settings-error.ts';

export const roleNames = ['http', 'worker', 'cron'] as const;
export type Role = (typeof roleNames)[number];

export interface Settings {
  /** `embedded` keeps everything on this machine's disk, `redis` in a persistent Redis. */
  mode: 'embedded' | 'redis';
  /** 0 lets the system choose a free port. */
  port: number;
  host: string;
  roles: Role[];
  /** Absolute path; read only. */
  tenantsDir: string;
  /** Absolute path; created when something is first written. */
  dataDir: string;
  adminToken: string;
  masterKey: Buffer;
  /** Still opens what it sealed, seals nothing new. */
  masterKeyPrevious: Buffer | null;
  redisUrl: string | null;
  /** Null = the cache uses `redisUrl`. */
  redisCacheUrl: string | null;
  qdrantUrl: string | null;
  qdrantApiKey: string | null;
  vectorIsolation: 'shared' | 'collection';
  /** The installation's own OpenAI-compatible endpoint; null when neither key nor address is given. */
  openai: { apiKey: string | null; baseUrl: string | null } | null;
  llmModel: string;
  /** Bounds one call to the model, in milliseconds. */
  llmTimeoutMs: number;
  /** Null = the local embedder. */
  embeddingModel: string | null;
  /** Hears voice notes; null = nobody does. */
  transcriptionModel: string | null;
  /** Sees pictures; null = nobody does. */
  visionModel: string | null;
  metricsToken: string | null;
  /** File that lists the stdio servers the operator allows. */
  mcpCommandsFile: string | null;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** Where Chatwoot and browsers reach this bridge, without a trailing slash. */
  publicUrl: string | null;
}

/** Reads and checks everything; throws SettingsError with every problem. Embedded mode may write two key files. */
export function loadSettings(variables: NodeJS.ProcessEnv = process.env): Readonly<Settings> {
  const { environment, problems } = readEnvironment(variables);
  const dataDir = path.resolve(environment.DATA_DIR ?? '.data');
  const mode = environment.REDIS_URL === undefined ? 'embedded' : 'redis';
  const secrets = readSecrets({ variables, mode, dataDir, generate: problems.length === 0 });
  const all = [...problems, ...secrets.problems];
  if (all.length > 0 || secrets.found === null) throw new SettingsError(all);
  return Object.freeze({ mode, dataDir, ...fromEnvironment(environment, mode), ...secrets.found });
}

function fromEnvironment(
  environment: Environment,
  mode: Settings['mode'],
): Omit<Settings, 'mode' | 'dataDir' | 'adminToken' | 'masterKey' | 'masterKeyPrevious'> {
  return {
    port: environment.PORT ?? 3000,
    host: environment.HOST ?? (mode === 'embedded' ? '127.0.0.1' : '0.0.0.0'),
    roles: environment.ROLES ?? [...roleNames],
    tenantsDir: path.resolve(environment.TENANTS_DIR ?? 'tenants'),
    redisUrl: environment.REDIS_URL ?? null,
    redisCacheUrl: environment.REDIS_CACHE_URL ?? null,
    qdrantUrl: environment.QDRANT_URL ?? null,
    qdrantApiKey: environment.QDRANT_API_KEY ?? null,
    vectorIsolation: environment.VECTOR_ISOLATION ?? 'shared',
    ...modelSettings(environment),
    metricsToken: environment.METRICS_TOKEN ?? null,
    mcpCommandsFile: environment.MCP_COMMANDS === undefined ? null : path.resolve(environment.MCP_COMMANDS),
    logLevel: environment.LOG_LEVEL ?? 'info',
    publicUrl: environment.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
  };
}

/** What OpenAI's own endpoint offers; a foreign one is asked only for models that somebody named. */
export const openAiModels = {
  embedding: 'text-embedding-3-small',
  transcription: 'gpt-4o-mini-transcribe',
  vision: 'gpt-4.1-mini',
};

function modelSettings(
  environment: Environment,
): Pick<Settings, 'openai' | 'llmModel' | 'llmTimeoutMs' | 'embeddingModel' | 'transcriptionModel' | 'visionModel'> {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = environment;
  const openai =
    apiKey === undefined && baseUrl === undefined ? null : { apiKey: apiKey ?? null, baseUrl: baseUrl ?? null };
  const usual = openai !== null && baseUrl === undefined ? openAiModels : null;
  const named = (given: string | undefined, standard: string | undefined) =>
    openai === null ? null : (given ?? standard ?? null);
  return {
    openai,
    llmModel: environment.LLM_MODEL ?? 'gpt-4.1-mini',
    llmTimeoutMs: environment.LLM_TIMEOUT_MS ?? 20_000,
    embeddingModel: named(environment.EMBEDDING_MODEL, usual?.embedding),
    transcriptionModel: named(environment.TRANSCRIPTION_MODEL, usual?.transcription),
    visionModel: named(environment.VISION_MODEL, usual?.vision),
  };
}
