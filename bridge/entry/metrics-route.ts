// `/metrics` for Prometheus, behind a bearer of its own when one is set.
import { Router } from 'express';
import { BridgeError } from '../core/errors.ts';
import { isSameSecret } from './bearer.ts';
import { toHttp } from './error-map.ts';

export interface MetricsRouteDeps {
  /** Null = anybody who reaches the port may read. */
  token: string | null;
  render(): Promise<{ contentType: string; text: string }>;
}

export function createMetricsRoute(deps: MetricsRouteDeps): Router {
  const { token } = deps;
  const router = Router();
  router.get('/metrics', async (request, response) => {
    if (token !== null && !isSameSecret(request.headers.authorization ?? '', `Bearer ${token}`)) {
      const fault = toHttp(new BridgeError('unauthorized', 'Send the metrics token: Authorization: Bearer …'));
      response.status(fault.status).setHeader('WWW-Authenticate', 'Bearer').json(fault.body);
      return;
    }
    const { contentType, text } = await deps.render();
    response.setHeader('Content-Type', contentType).send(text);
  });
  return router;
}
