// The variables one by one: form and allowed values. Defaults and what follows from them belong to settings.ts, secrets
// to secrets.ts. An empty value counts as not set, because compose files and .env templates write `NAME=`.
import { z } from 'zod';

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'use a number from 0 to 65535')
  .transform(Number)
  .refine((number) => number <= 65_535, 'use a number from 0 to 65535');

const roles = z.string().transform((list, context) => {
  const names = [...new Set(list.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  const checked = z
    .array(z.enum(['http', 'worker', 'cron']))
    .min(1)
    .safeParse(names);
  if (checked.success) return checked.data;
  context.addIssue({ code: 'custom', message: 'use one or more of http,worker,cron separated by commas' });
  return z.NEVER;
});

const milliseconds = z
  .string()
  .regex(/^[1-9]\d{1,6}$/, 'use milliseconds, from 10 to 9999999')
  .transform(Number);

const redisUrl = z.url({ protocol: /^rediss?$/, message: 'use a redis:// or rediss:// address' });
const httpUrl = z.url({ protocol: /^https?$/, message: 'use an http or https address' });
const name = z.string().trim().min(1);

const schema = z.object({
  PORT: port.optional(),
  HOST: name.optional(),
  ROLES: roles.optional(),
  TENANTS_DIR: z.string().optional(),
  DATA_DIR: z.string().optional(),
  REDIS_URL: redisUrl.optional(),
  REDIS_CACHE_URL: redisUrl.optional(),
  QDRANT_URL: httpUrl.optional(),
  QDRANT_API_KEY: name.optional(),
  VECTOR_ISOLATION: z.enum(['shared', 'collection'], 'use shared or collection').optional(),
  OPENAI_API_KEY: name.optional(),
  OPENAI_BASE_URL: httpUrl.optional(),
  LLM_MODEL: name.optional(),
  LLM_TIMEOUT_MS: milliseconds.optional(),
  EMBEDDING_MODEL: name.optional(),
  TRANSCRIPTION_MODEL: name.optional(),
  VISION_MODEL: name.optional(),
  METRICS_TOKEN: name.optional(),
  MCP_COMMANDS: z.string().optional(),
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'use trace, debug, info, warn, error, fatal or silent',
    )
    .optional(),
  PUBLIC_URL: httpUrl.optional(),
});
export type Environment = z.infer<typeof schema>;

/** The variables that are fine, and one line for each that is not. Values are never repeated: some are secret. */
export function readEnvironment(variables: NodeJS.ProcessEnv): { environment: Environment; problems: string[] } {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((key) => (isSet(variables[key]) ? [[key, variables[key]]] : [])),
  );
  const read = schema.safeParse(given);
  if (read.success) return { environment: read.data, problems: [] };
  const wrong = new Set(read.error.issues.map((issue) => String(issue.path[0])));
  const fine = Object.fromEntries(Object.entries(given).filter(([key]) => !wrong.has(key)));
  const problems = read.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
  return { environment: schema.parse(fine), problems: [...new Set(problems)] };
}

export function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}
