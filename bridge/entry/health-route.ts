// `/health` for whoever restarts processes, `/ready` for whoever sends work and for people who ask why not.
import { Router } from 'express';
import type { Caller } from '../core/rpc/caller.ts';
import { visibleTo } from '../core/rpc/ready-report.ts';
import type { Readiness } from '../core/rpc/ready-report.ts';
import { bearerOf } from './bearer.ts';
import type { Authenticate } from './bearer.ts';

export interface HealthRouteDeps {
  /** True from when the stores are open until the process begins to stop. */
  isOpen(): boolean;
  readiness(): Promise<Readiness>;
  authenticate: Authenticate;
}

export function createHealthRoute(deps: HealthRouteDeps): Router {
  const router = Router();
  router.get('/health', (_request, response) => {
    const isOpen = deps.isOpen();
    response.status(isOpen ? 200 : 503).json({ status: isOpen ? 'ok' : 'closed' });
  });
  router.get('/ready', async (request, response) => {
    const bearer = bearerOf(request.headers.authorization);
    const caller = await callerOf(deps, bearer, request.get('X-Database-UUID') ?? null, request.ip ?? '');
    const report = visibleTo(caller, await deps.readiness());
    response.status(report.status === 'down' ? 503 : 200).json(report);
  });
  return router;
}

/** A probe with a wrong token still wants to know how we are: it sees what a stranger sees. */
async function callerOf(
  { authenticate }: HealthRouteDeps,
  bearer: string | null,
  databaseUuid: string | null,
  ip: string,
): Promise<Caller> {
  const stranger: Caller = { kind: 'anonymous' };
  if (bearer === null) return stranger;
  return (await authenticate(bearer, databaseUuid, ip).catch(() => null)) ?? stranger;
}
