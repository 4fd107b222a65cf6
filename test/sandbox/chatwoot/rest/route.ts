// What a REST endpoint of the simulator is: its address, who may call it, which keys its request may hold, and what it does.
// `run` is synchronous, so that a request is stored whole or not at all, even when it is held or cut around it.
import type { z } from 'zod';
import type { Account, JsonObject } from '../state/model.ts';
import type { Actor } from '../transitions/actor.ts';
import type { VersionFeatures } from '../versions.ts';
import type { World } from '../world.ts';

export interface UploadedFile {
  field: string;
  fileName: string;
  contentType: string;
  bytes: Buffer;
}

export interface RestCall {
  world: World;
  params: Record<string, string>;
  query: URLSearchParams;
  body: JsonObject;
  files: UploadedFile[];
  account: Account;
  actor: Extract<Actor, { kind: 'user' | 'bot' }>;
  /** Tells the suite about something Chatwoot accepts although it will not do what the caller wants. */
  warn(kind: 'too_long_for_channel' | 'trap', message: string): void;
}

export interface RestAnswer {
  status: number;
  /** Absent: an empty body. */
  json?: unknown;
}

export interface Route {
  endpoint: string;
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below `/api/v1/accounts/{account_id}`, parameters as `:name`. */
  path: string;
  /** Bot tokens: never, always, or since the version that has the feature. */
  bot?: true | keyof VersionFeatures;
  admin?: true;
  query?: readonly string[];
  /** Checked only to report violations; Chatwoot itself ignores what it does not know. */
  body?: z.ZodType;
  run(call: RestCall): RestAnswer;
}

export function ok(json?: unknown): RestAnswer {
  return json === undefined ? { status: 200 } : { status: 200, json };
}
