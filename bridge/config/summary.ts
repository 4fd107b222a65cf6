// The settings as a start line may show them: secrets only as "configured", addresses without user and password.
import type { Settings } from './settings.ts';

/** One flat object for the log; holds no secret whatever is configured. */
export function summary(settings: Settings): Record<string, unknown> {
  return {
    mode: settings.mode,
    listen: `${settings.host}:${settings.port}`,
    roles: settings.roles,
    tenants_dir: settings.tenantsDir,
    data_dir: settings.dataDir,
    redis: shown(settings.redisUrl),
    redis_cache: shown(settings.redisCacheUrl),
    qdrant: shown(settings.qdrantUrl),
    vector_isolation: settings.vectorIsolation,
    model: settings.openai === null ? null : settings.llmModel,
    model_base_url: shown(settings.openai?.baseUrl ?? null),
    embedding_model: settings.embeddingModel,
    transcription_model: settings.transcriptionModel,
    vision_model: settings.visionModel,
    mcp_commands: settings.mcpCommandsFile,
    log_level: settings.logLevel,
    public_url: shown(settings.publicUrl),
    configured: {
      admin_token: settings.adminToken !== '',
      master_key: settings.masterKey.length > 0,
      master_key_previous: settings.masterKeyPrevious !== null,
      qdrant_api_key: settings.qdrantApiKey !== null,
      openai_api_key: settings.openai !== null && settings.openai.apiKey !== null,
      metrics_token: settings.metricsToken !== null,
    },
  };
}

function shown(address: string | null): string | null {
  if (address === null) return null;
  const url = new URL(address);
  return `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`;
}
