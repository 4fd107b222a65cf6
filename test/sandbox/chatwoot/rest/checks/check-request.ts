// Compares a request with what its endpoint accepts and says what does not fit. It never changes the answer.
import type { z } from 'zod';
import type { Violation } from '../request-log.ts';
import type { Route } from '../route.ts';

export function checkRequest(
  route: Pick<Route, 'query' | 'body'>,
  query: URLSearchParams,
  body: unknown,
): Pick<Violation, 'kind' | 'message'>[] {
  return [...checkQuery(route.query ?? [], query), ...(route.body === undefined ? [] : checkBody(route.body, body))];
}

function checkQuery(allowed: readonly string[], query: URLSearchParams): Pick<Violation, 'kind' | 'message'>[] {
  const unknown = [...new Set(query.keys())].filter((key) => !allowed.includes(key.replace(/\[\]$/, '')));
  return unknown.map((key) => ({ kind: 'unknown_query_key', message: `query key ${key} is not known here` }));
}

function checkBody(schema: z.ZodType, body: unknown): Pick<Violation, 'kind' | 'message'>[] {
  const result = schema.safeParse(body);
  if (result.success) return [];
  return result.error.issues.map((issue) => ({
    kind: issue.code === 'unrecognized_keys' ? 'unknown_body_key' : 'wrong_body',
    message: `${issue.path.map(String).join('.') || 'body'}: ${issue.message}`,
  }));
}
