// The bridge over HTTP: webhook, JSON-RPC, health, metrics and the operator's page on one port.
import { readiness, sharedFor } from './core/rpc/readiness.ts';
import type { createConversing } from './create-conversing.ts';
import { createRpc } from './create-rpc.ts';
import type { ThinkingParts } from './create-thinking.ts';
import { createConsole } from './entry/console/console.ts';
import { createHealthRoute } from './entry/health-route.ts';
import { createHttpServer } from './entry/http-server.ts';
import type { HttpServer } from './entry/http-server.ts';
import { createMetricsRoute } from './entry/metrics-route.ts';
import { createRpcRoute } from './entry/rpc-route.ts';
import { createWebhookRoute } from './entry/webhook-route.ts';
import { restingChecks } from './guarded-systems.ts';
import type { Foundation } from './open-foundation.ts';
import { dependenciesOf } from './open-stores.ts';

const readyTimeoutMs = 3_000;

export function createServer(
  foundation: Foundation,
  { thinking, knowledge, schedule }: ThinkingParts,
  { intake, queue, mailbox }: ReturnType<typeof createConversing>,
  isOpen: () => boolean,
): HttpServer {
  const { settings, stores, spill, tenants, guards, metrics, clock, logger } = foundation;
  const ready = readinessOf(foundation);
  const { authenticate, dispatcher } = createRpc({ ...foundation, thinking, schedule, readiness: ready });
  const receive = createWebhookRoute({
    receive: (accountId, urlToken, headers, body) => intake.receive(accountId, { headers, body, urlToken }),
    logger,
    metrics,
  });
  const console = createConsole({
    ...stores,
    authenticate,
    tenants,
    queue,
    mailbox,
    budgets: thinking.budgets,
    knowledge,
    readiness: ready,
    spilled: spill && (() => spill.size()),
    resting: () => guards.resting(),
    clock,
  });
  const routers = [
    createHealthRoute({ isOpen, readiness: ready, authenticate }),
    createMetricsRoute({ token: settings.metricsToken, render: () => metrics.render() }),
    createRpcRoute({ dispatcher, authenticate, clock }),
    console,
  ];
  return createHttpServer({ port: settings.port, host: settings.host, webhook: receive, routers, logger });
}

/** Asked by probes, pages and RPC at once: one answer a second is enough for all. */
function readinessOf({ settings, stores, guards, tenants, clock }: Foundation) {
  const dependencies = dependenciesOf(settings, stores);
  return sharedFor(1_000, clock, () =>
    readiness({
      mode: settings.mode,
      dependencies: [...dependencies, ...restingChecks(guards, () => clock.now())],
      tenants,
      clock,
      timeoutMs: readyTimeoutMs,
    }),
  );
}
