// One REST call from its first byte to its answer: route, token, gate, effect, gate, answer. The two gates are where a test holds,
// delays, refuses or cuts the call, before its effect is stored or after.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PassingRequest } from '../faults/fault-box.ts';
import { passGate } from '../faults/pass-gate.ts';
import type { World } from '../world.ts';
import { authorise, describeOwner, tokenOwner } from './authenticate.ts';
import { checkRequest } from './checks/check-request.ts';
import { accountRoutes } from './account-routes.ts';
import { RouteTable } from './match-route.ts';
import { NotJson, parseBody, type ParsedBody, readBytes } from './parse-body.ts';
import { answerOtherCalls } from './other-calls.ts';
import type { LoggedRequest, Violation } from './request-log.ts';
import { notFound, RestError } from './rest-error.ts';
import type { RestAnswer, Route } from './route.ts';

const table = new RouteTable(accountRoutes);
const ACCOUNT_PATH = /^\/api\/v1\/accounts\/(?<account>\d+)(?<rest>\/.*)?$/;

export async function handleRest(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const startedMs = performance.now();
  const method = request.method ?? 'GET';
  const account = ACCOUNT_PATH.exec(url.pathname)?.groups;
  const match = account === undefined ? null : table.match(method, account['rest'] ?? '');
  const bytes = await readBytes(request);
  const parsed = parseLeniently(request.headers['content-type'], bytes);
  const owner = tokenOwner(world, request.headers);
  const other = match === null ? answerOtherCalls(world, method, url, owner) : null;
  const endpoint = match?.route.endpoint ?? other?.endpoint ?? null;
  const logged = world.requests.begin({
    ...describeOwner(owner),
    method,
    path: url.pathname,
    query: url.search,
    endpoint,
    body: parsed.body?.fields ?? bytes.toString('utf8'),
  });
  const report = (violation: Pick<Violation, 'kind' | 'message'>): void => {
    world.requests.violations.push({ ...violation, method, path: url.pathname });
  };
  if (endpoint === null) {
    report({ kind: 'unknown_call', message: 'Chatwoot has no such call, or the sandbox does not know it' });
  }
  if (parsed.body === null) report({ kind: 'not_json', message: 'the body could not be read as JSON' });
  const route = match?.route ?? other?.route;
  if (route !== undefined) reportMisfits(route, url, parsed.body, report);

  const passing: PassingRequest = {
    method,
    path: url.pathname,
    endpoint: endpoint ?? '',
    body: parsed.body?.fields ?? null,
  };
  const run = (): RestAnswer => {
    if (parsed.body === null) return { status: 400, json: { status: 400, error: 'Bad Request' } };
    const body = parsed.body;
    if (other !== null) return other.run(body);
    if (match === null) throw notFound();
    const who = authorise(world, owner, match.route, Number(account?.['account']));
    return match.route.run({
      world,
      params: match.params,
      query: url.searchParams,
      body: body.fields,
      files: body.files,
      ...who,
      warn: (kind, message) => report({ kind, message }),
    });
  };
  const onClose = (): void => {
    if (response.writableEnded) return;
    world.requests.callersGone += 1;
    world.bus.emit('change');
  };
  response.once('close', onClose);
  await passAndAnswer(world, passing, response, logged, run);
  logged.ms = Math.round(performance.now() - startedMs);
  world.requests.open -= 1;
  world.bus.emit('change');
}

async function passAndAnswer(
  world: World,
  passing: PassingRequest,
  response: ServerResponse,
  logged: LoggedRequest,
  run: () => RestAnswer,
): Promise<void> {
  const early = await passGate(world.faults, passing, 'before-store', response);
  if (early === 'cut') return;
  if (early !== null) {
    logged.status = early.status;
    writeAnswer(response, early);
    return;
  }
  const answer = runSafely(run);
  world.bus.emit('change');
  const late = await passGate(world.faults, passing, 'after-store', response);
  if (late === 'cut') return;
  logged.status = (late ?? answer).status;
  writeAnswer(response, late ?? answer);
}

function runSafely(run: () => RestAnswer): RestAnswer {
  try {
    return run();
  } catch (error) {
    if (error instanceof RestError) {
      return error.body === undefined ? { status: error.status } : { status: error.status, json: error.body };
    }
    throw error;
  }
}

function reportMisfits(
  route: Pick<Route, 'query' | 'body'>,
  url: URL,
  body: ParsedBody | null,
  report: (violation: Pick<Violation, 'kind' | 'message'>) => void,
): void {
  for (const violation of checkRequest(route, url.searchParams, body?.fields ?? {})) report(violation);
}

function parseLeniently(contentType: string | undefined, bytes: Buffer): { body: ParsedBody | null } {
  try {
    return { body: parseBody(contentType, bytes) };
  } catch (error) {
    if (error instanceof NotJson) return { body: null };
    throw error;
  }
}

export function writeAnswer(
  response: ServerResponse,
  answer: RestAnswer & { headers?: Record<string, string>; text?: string },
): void {
  if (response.destroyed) return;
  const body = answer.text ?? (answer.json === undefined ? '' : JSON.stringify(answer.json));
  const type = answer.text === undefined ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8';
  response.writeHead(answer.status, {
    ...(body === '' ? {} : { 'content-type': type }),
    'content-length': Buffer.byteLength(body),
    ...answer.headers,
  });
  response.end(body);
}
