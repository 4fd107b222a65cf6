// The packages odoo-xmlrpc and xmlrpc, and nothing else imports them. odoo-xmlrpc 1.0.8 knows no time limit, opens as many
// sockets as there are calls and drops the path of the address; it makes a client of the package xmlrpc for each call and
// that one hands its options to http.request, so that is where agent, signal and path are put in.
import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Odoo from 'odoo-xmlrpc';
import xmlrpc from 'xmlrpc';
import { BridgeError } from '../../core/errors.ts';

export interface OdooLogin {
  url: string;
  db: string;
  login: string;
  /** The user's API key, or the password. */
  secret: string;
}

/** One authenticated user; its id is inside and goes with every call. */
export interface OdooSession {
  execute(model: string, method: string, args: Record<string, unknown>, signal: AbortSignal): Promise<unknown>;
}

interface Call {
  pathPrefix: string;
  signal: AbortSignal;
}

/** Connections to one address, for all tenants on it. */
const maxSockets = 8;
/** An idle socket is closed before the usual server does it, so that no call meets a half-closed one. */
const idleMs = 4_000;

const agentOptions = { keepAlive: true, maxSockets, timeout: idleMs };
const agents = { http: new HttpAgent(agentOptions), https: new HttpsAgent(agentOptions) };
const current = new AsyncLocalStorage<Call>();
const { createClient, createSecureClient } = xmlrpc;

type ClientOptions = Parameters<typeof createClient>[0];

function withCall(options: ClientOptions, agent: HttpAgent): ClientOptions {
  const call = current.getStore();
  if (!call) return options;
  const added = { agent, signal: call.signal, path: `${call.pathPrefix}${options.path}` };
  return { ...options, ...added };
}
xmlrpc.createClient = (options) => createClient(withCall(options, agents.http));
xmlrpc.createSecureClient = (options) => createSecureClient(withCall(options, agents.https));

/** Rejects with `upstream_rejected` when Odoo refuses the login, else with what the packages gave (read by refusalOf). */
export async function openOdooSession(to: OdooLogin, signal: AbortSignal): Promise<OdooSession> {
  const { url, db, login, secret } = to;
  const odoo = new Odoo({ url, db, username: login, password: secret });
  await ask(url, signal, (done) => {
    odoo.connect(done);
  });
  return {
    execute: (model, method, args, callSignal) =>
      ask(url, callSignal, (done) => {
        odoo.execute_kw(model, method, [[], args], done);
      }),
  };
}

/** What the server says about its version; needs no login. */
export function askOdooVersion(url: string, signal: AbortSignal): Promise<unknown> {
  const { protocol, hostname, port } = new URL(url);
  const options = { host: hostname.replace(/^\[|\]$/g, ''), port: port || null, path: '/xmlrpc/2/common' };
  return ask(url, signal, (done) => {
    const client = protocol === 'https:' ? xmlrpc.createSecureClient(options) : xmlrpc.createClient(options);
    client.methodCall('version', [], done);
  });
}

/** Settles when the signal says so even if the request still waits for a free socket: it is dropped then, unsent. */
export function untilAborted<Answer>(work: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function ask(
  url: string,
  signal: AbortSignal,
  start: (done: (error: unknown, value: unknown) => void) => void,
): Promise<unknown> {
  const pathPrefix = new URL(url).pathname.replace(/\/+$/, '');
  const answer = new Promise<unknown>((resolve, reject) => {
    current.run({ pathPrefix, signal }, () =>
      start((error, value) => (error ? reject(asError(error)) : resolve(value))),
    );
  });
  return untilAborted(answer, signal);
}

function asError(error: unknown): Error {
  if (error instanceof Error) return error;
  return new BridgeError(
    'upstream_rejected',
    'Odoo refused the login: the login or its key is wrong, or the key has ended.',
  );
}
