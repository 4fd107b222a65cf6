// `/health` for whoever restarts processes, `/ready` for whoever sends work and for people who ask why not.
import { Router } from 'express';
import type { Request } from 'express';
import { bearerOf } from '../core/access/tokens.ts';
import type { Caller } from '../core/rpc/caller.ts';
import { visibleTo } from '../core/rpc/ready-report.ts';
import type { Readiness } from '../core/rpc/ready-report.ts';
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
    const caller = await callerOf(deps, request);
    const report = visibleTo(caller, await deps.readiness());
    response.status(report.status === 'down' ? 503 : 200).json(report);
  });
  return router;
}

/** A probe with a wrong token still wants to know how we are: it sees what a stranger sees. */
async function callerOf({ authenticate }: HealthRouteDeps, request: Request): Promise<Caller> {
  try {
    const bearer = bearerOf(request.headers.authorization);
    if (bearer !== null) return await authenticate(bearer, request.get('X-Database-UUID') ?? null);
  } catch {
    // Whatever is wrong with the token, or with the store of tokens, is not what was asked here.
  }
  return { kind: 'anonymous' };
}
