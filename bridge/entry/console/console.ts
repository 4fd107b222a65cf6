// The operator's page and its JSON: how the bridge is and what its turns did. It only reads; the one thing a form changes
// is who is signed in, and that only from its own pages.
import { Router, urlencoded } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { bearerOf } from '../../core/access/tokens.ts';
import { BridgeError, codeOf } from '../../core/errors.ts';
import type { TenantRegistry } from '../../core/tenant.ts';
import type { Authenticate } from '../bearer.ts';
import { toHttp, toMissingPath } from '../error-map.ts';
import { RateLimiter } from '../rate-limiter.ts';
import { loginPage } from './login-page.ts';
import { overviewOf } from './overview.ts';
import type { OverviewDeps } from './overview.ts';
import { overviewPage } from './overview-page.ts';
import { clearSession, sessionOf, setSession } from './session-cookie.ts';
import { Sessions } from './sessions.ts';
import { stylesheet } from './style.ts';
import { tenantPage, unknownTenantPage } from './tenant-page.ts';
import { tenantView } from './tenant-view.ts';
import type { TenantViewDeps } from './tenant-view.ts';
import { turnsOfAny, turnsOfTenant } from './turns-query.ts';
import { offeredLanguages, wordsFor } from './words.ts';
import type { Words } from './words.ts';

export interface ConsoleDeps extends OverviewDeps, TenantViewDeps {
  authenticate: Authenticate;
  tenants: Pick<TenantRegistry, 'list' | 'find'>;
}

const contentPolicy =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const signInLimit = { burst: 10, perSecond: 0.2 };

export function createConsole(deps: ConsoleDeps): Router {
  const sessions = new Sessions(deps.clock);
  const isSignedIn = (request: Request) => sessions.isOpen(sessionOf(request) ?? '');
  const router = Router();
  router.use('/console', (_request, response, next) => {
    response.setHeader('Content-Security-Policy', contentPolicy);
    next();
  });
  router.get('/console/style.css', (_request, response) => {
    response.setHeader('Cache-Control', 'public, max-age=300').type('css').send(stylesheet);
  });
  addSignIn(router, deps, sessions);
  addJson(router, deps, isSignedIn);
  addPages(router, deps, isSignedIn);
  return router;
}

function addSignIn(router: Router, deps: ConsoleDeps, sessions: Sessions): void {
  const attempts = new RateLimiter(signInLimit, deps.clock);
  const form = urlencoded({ extended: false, limit: '4kb' });
  router.post('/console/login', fromOwnPages, form, async (request, response) => {
    const words = wordsOf(request);
    try {
      attempts.take(request.ip ?? '');
      const token = tokenIn(request.body);
      if (!(await isAdmin(deps.authenticate, token))) throw new BridgeError('unauthorized', words.wrongToken);
    } catch (error) {
      refuseSignIn(response, words, error);
      return;
    }
    setSession(request, response, sessions.open());
    response.redirect(303, '/console');
  });
  router.post('/console/logout', fromOwnPages, (request, response) => {
    sessions.close(sessionOf(request) ?? '');
    clearSession(request, response);
    response.redirect(303, '/console');
  });
}

function addPages(router: Router, deps: ConsoleDeps, isSignedIn: (request: Request) => boolean): void {
  const signedIn: RequestHandler = (request, response, next) => {
    if (isSignedIn(request)) next();
    else response.status(request.path === '/console' ? 200 : 401).send(loginPage(wordsOf(request), null));
  };
  router.get('/console', signedIn, async (request, response) => {
    response.send(overviewPage(wordsOf(request), await overviewOf(deps)));
  });
  router.get('/console/tenants/:accountId', signedIn, async (request, response) => {
    const tenant = await deps.tenants.find(String(request.params['accountId']));
    if (!tenant) {
      response.status(toMissingPath('no_such_path').status).send(unknownTenantPage(wordsOf(request)));
      return;
    }
    const { conversation_id: conversationId, limit } = turnsOfTenant(request.query);
    response.send(tenantPage(wordsOf(request), await tenantView(deps, tenant, { conversationId, limit })));
  });
}

/** For programs: the same session, or the admin token as a bearer. */
function addJson(router: Router, deps: ConsoleDeps, isSignedIn: (request: Request) => boolean): void {
  const allowed: RequestHandler = async (request, _response, next) => {
    const bearer = bearerOf(request.headers.authorization);
    if (bearer === null ? isSignedIn(request) : await isAdmin(deps.authenticate, bearer)) next();
    else throw new BridgeError('unauthorized', 'Sign in, or send the admin token: Authorization: Bearer …');
  };
  router.get('/console/api/overview', allowed, async (_request, response) => {
    response.json(await overviewOf(deps));
  });
  router.get('/console/api/turns', allowed, async (request, response) => {
    const { account_id: accountId, conversation_id: conversationId, limit } = turnsOfAny(request.query);
    if (!(await deps.tenants.find(accountId))) throw new BridgeError('unknown_tenant', 'There is no such tenant.');
    response.json(await deps.traces.list(accountId, conversationId, limit));
  });
}

/** Browsers say where a form was sent from; a program that says nothing has no session to misuse. */
const fromOwnPages: RequestHandler = (request, _response, next) => {
  const origin = request.headers.origin;
  if (origin === undefined || hostOf(origin) === request.headers.host) next();
  else throw new BridgeError('forbidden', 'This form was sent from another site.');
};

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

async function isAdmin(authenticate: Authenticate, token: string): Promise<boolean> {
  try {
    return (await authenticate(token, null)).kind === 'admin';
  } catch (error) {
    const code = codeOf(error);
    if (code === 'unauthorized' || code === 'forbidden') return false;
    throw error;
  }
}

function tokenIn(body: unknown): string {
  const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : '';
  return typeof token === 'string' ? token.trim() : '';
}

function refuseSignIn(response: Response, words: Words, error: unknown): void {
  const fault = toHttp(error);
  if (fault.retryAfterSeconds !== null) response.setHeader('Retry-After', String(fault.retryAfterSeconds));
  const problem = codeOf(error) === 'rate_limited' ? words.tooOften : fault.body.error.message;
  response.status(fault.status).send(loginPage(words, problem));
}

function wordsOf(request: Request): Words {
  return wordsFor(request.acceptsLanguages(offeredLanguages));
}
