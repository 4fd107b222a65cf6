// Parameters against a method's schema: what fits, or the path of each field that does not.
import type { z } from 'zod';
import { BridgeError } from '../errors.ts';
import type { FieldProblem } from '../errors.ts';
import { foundIssues, toProblem } from '../tenants/field-problems.ts';

export function parseParams<Schema extends z.ZodType>(schema: Schema, params: unknown): z.output<Schema> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  throw wrongParams(foundIssues(parsed.error.issues).map(toProblem));
}

export function wrongParams(problems: FieldProblem[]): BridgeError {
  const names = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const more = names.length > 3 ? ` (and ${names.length - 3} more)` : '';
  return new BridgeError('bad_request', `Wrong parameters. ${names.slice(0, 3).join('; ')}${more}`, { problems });
}
