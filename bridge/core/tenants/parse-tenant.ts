// Raw configuration → TenantConfig. Unknown keys are set aside and named; what they mean is the caller's decision:
// an error in `tenant.upsert` and `scripts/tenant check`, a warning at start (a downgrade must not silence a tenant).
import type { z } from 'zod';
import { TenantConfig } from '../tenant.ts';
import { foundIssues, type FieldPath, type FoundIssue } from './field-problems.ts';
import { isMap } from './merge-layers.ts';

export interface ParsedConfig<T> {
  /** Null when a value is wrong. */
  config: T | null;
  unknown: FoundIssue[];
  wrong: FoundIssue[];
}

export function parseTenant(raw: unknown): ParsedConfig<TenantConfig> {
  return parseKnown(TenantConfig, raw);
}

/** Parses with a strict schema and takes unknown keys out on the way, so that wrong values beside them show as well. */
export function parseKnown<T>(schema: z.ZodType<T>, raw: unknown): ParsedConfig<T> {
  const unknown: FoundIssue[] = [];
  let known = raw;
  for (;;) {
    const parsed = schema.safeParse(known);
    if (parsed.success) return { config: parsed.data, unknown, wrong: [] };
    const issues = foundIssues(parsed.error.issues);
    const keys = issues.filter((issue) => issue.kind === 'unknown_key');
    const stripped = keys.reduce((value, issue) => withoutKey(value, issue.path), known);
    if (keys.length === 0 || stripped === known) return { config: null, unknown, wrong: issues };
    unknown.push(...keys);
    known = stripped;
  }
}

/** A copy without the value at `path`, or the same value when there is nothing at that path. */
function withoutKey(value: unknown, path: FieldPath): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    const index = Number(step);
    const inner = withoutKey(value[index], rest);
    return inner === value[index] ? value : value.with(index, inner);
  }
  const key = String(step);
  if (!isMap(value) || !Object.hasOwn(value, key)) return value;
  const { [key]: removed, ...others } = value;
  if (rest.length === 0) return others;
  const inner = withoutKey(removed, rest);
  return inner === removed ? value : { ...others, [key]: inner };
}
