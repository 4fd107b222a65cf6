// An answer of the model server before it is written, and its refusals in the real endpoint's shape.
import type { ModelApi } from './model-api.ts';

export interface HttpAnswer {
  status: number;
  json?: unknown;
  text?: string;
  headers?: Record<string, string>;
}

/** 400, because clients do not repeat that one: the test sees the first problem at once. */
export function refuse(api: ModelApi, request: unknown, reason: string): HttpAnswer {
  api.unplanned.push({ reason, request });
  return { status: 400, json: problem(reason, 'invalid_request_error') };
}

export function problem(message: string, type: string) {
  return { error: { message, type, param: null, code: null } };
}

export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
