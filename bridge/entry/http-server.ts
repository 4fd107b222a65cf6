// The one listener: Chatwoot's deliveries on bare node:http, everything else through Express. It owns what all routes
// share (request ids, security headers, time limits, starting and stopping) and none of their meaning.
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import express from 'express';
import type { ErrorRequestHandler, Express, RequestHandler, Router } from 'express';
import type { Logger } from '../core/ports/logger.ts';
import { BridgeError } from '../core/errors.ts';
import { toHttp, toMissingPath } from './error-map.ts';
import { webhookPrefix } from './webhook-route.ts';
import type { WebhookRoute } from './webhook-route.ts';

export interface HttpServerDeps {
  /** 0 = any free port. */
  port: number;
  host: string;
  /** Null on an instance that takes no deliveries. */
  webhook: WebhookRoute | null;
  /** Each router knows its own paths. */
  routers: Router[];
  logger: Logger;
}

export interface HttpServer {
  /** Opens the port, waiting up to 5 s for one that a process just killed still holds. Returns the address. */
  listen(): Promise<{ port: number; url: string }>;
  /** Takes no new connection, lets running requests finish, cuts what is left after `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}

const portWaitMs = 5_000;
const portRetryMs = 200;
const idleSweepMs = 25;

export function createHttpServer(deps: HttpServerDeps): HttpServer {
  const app = createExpressApp(deps);
  const server = createServer({ keepAlive: true }, (request, response) => {
    const requestId = randomUUID();
    if (deps.webhook && request.url?.startsWith(webhookPrefix)) {
      deps.webhook(request, response, requestId);
      return;
    }
    response.setHeader('X-Request-Id', requestId);
    app(request, response);
  });
  // Longer than the 60 s of common balancers, so that it is the balancer who closes; a slow sender is cut after 30 s.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 15_000;
  server.requestTimeout = 30_000;
  return {
    listen: async () => {
      const port = await listenWithPatience(server, deps);
      return { port, url: `http://${deps.host.includes(':') ? `[${deps.host}]` : deps.host}:${port}` };
    },
    stop: (timeoutMs) => stop(server, timeoutMs),
  };
}

function createExpressApp(deps: HttpServerDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // A balancer in front is nearby; an address on the internet may not say who it speaks for.
  app.set('trust proxy', 'loopback, linklocal, uniquelocal');
  app.use(securityHeaders);
  for (const router of deps.routers) app.use(router);
  app.use(nothingHere);
  app.use(answerError(deps.logger));
  return app;
}

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  next();
};

const nothingHere: RequestHandler = (_request, response) => {
  const fault = toMissingPath('no_such_path');
  response.status(fault.status).json(fault.body);
};

/** Express tells an error handler by its four parameters. */
function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const fault = toHttp(asBridgeError(error));
    const fields = { request_id: response.getHeader('X-Request-Id'), method: request.method, status: fault.status };
    if (fault.status >= 500) logger.error({ ...fields, err: error }, 'http.failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    if (fault.retryAfterSeconds !== null) response.setHeader('Retry-After', String(fault.retryAfterSeconds));
    response.status(fault.status).json(fault.body);
  };
}

/** Express reports what it cannot decode in a path or a query as an error with a 4xx status: the caller's fault. */
function asBridgeError(error: unknown): unknown {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : null;
  if (typeof status !== 'number' || status < 400 || status > 499) return error;
  return new BridgeError('bad_request', 'The request cannot be read.', { cause: error });
}

async function listenWithPatience(server: Server, deps: HttpServerDeps): Promise<number> {
  const givenUpAtMs = performance.now() + portWaitMs;
  for (;;) {
    try {
      return await listenOnce(server, deps);
    } catch (error) {
      if (!isPortTaken(error) || performance.now() > givenUpAtMs) throw error;
      deps.logger.warn({ port: deps.port }, 'http.port_taken');
      await delay(portRetryMs);
    }
  }
}

function listenOnce(server: Server, deps: HttpServerDeps): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(deps.port, deps.host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

/** Idle keep-alive connections would hold `close` open for a minute: they are closed as soon as they become idle. */
function stop(server: Server, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), idleSweepMs);
    const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
  });
}
