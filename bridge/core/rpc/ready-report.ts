// How ready this bridge is, and how much of that each caller may see. One form for `/ready` and `system.health`.
import { z } from 'zod';
import type { Caller } from './caller.ts';

export const dependencyState = z.strictObject({
  state: z.enum(['up', 'degraded', 'down', 'embedded']),
  ms: z.number().optional(),
  message: z.string().optional(),
  /** What a person can do about it. */
  fix: z.string().optional(),
});
export type DependencyState = z.infer<typeof dependencyState>;

const disabledTenant = z.strictObject({
  account_id: z.string(),
  file: z.string(),
  path: z.string(),
  message: z.string(),
});

export const ReadyReport = z.strictObject({
  /** `down` = it cannot take work; `degraded` = it works, with less than was asked for. */
  status: z.enum(['ready', 'degraded', 'down']),
  mode: z.string(),
  dependencies: z.record(z.string(), dependencyState),
  tenants: z.strictObject({
    loaded: z.number().int(),
    /** Only counted for callers who may not see names. */
    disabled: z.union([z.number().int(), z.array(disabledTenant)]),
  }),
});
export type ReadyReport = z.infer<typeof ReadyReport>;

/** Everything, before it is decided who may see it. */
export interface Readiness extends Omit<ReadyReport, 'tenants'> {
  tenants: { loaded: string[]; disabled: z.infer<typeof disabledTenant>[] };
}

export function visibleTo(caller: Caller, readiness: Readiness): ReadyReport {
  const { loaded, disabled } = readiness.tenants;
  switch (caller.kind) {
    case 'admin':
      return { ...readiness, tenants: { loaded: loaded.length, disabled } };
    case 'tenant':
      return {
        ...readiness,
        tenants: {
          loaded: loaded.includes(caller.accountId) ? 1 : 0,
          disabled: disabled.filter((tenant) => tenant.account_id === caller.accountId),
        },
      };
    case 'anonymous':
      return { ...readiness, tenants: { loaded: loaded.length, disabled: disabled.length } };
  }
}
