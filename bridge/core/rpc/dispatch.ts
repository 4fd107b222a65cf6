// JSON-RPC 2.0 from text to answer, without transport: single calls, batches, notifications, errors. It never throws;
// whatever goes wrong in a call is that call's error object, made by the one error table, without any of our inside.
import { BridgeError, codeOf } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import { admit } from './access.ts';
import type { Caller } from './caller.ts';
import { inOrder } from './in-order.ts';
import type { CallContext, RpcMethod } from './method.ts';
import { wrongParams } from './params.ts';
import type { RpcErrorOf, RpcResponse } from './protocol.ts';
import { readRequest } from './read-request.ts';
import type { Call, Entry } from './read-request.ts';

const batchAtOnce = 4;

export interface RpcCall {
  caller: Caller;
  /** Why no call of this caller is served (a right token on the wrong database); null normally. */
  refusal: BridgeError | null;
  ip: string;
  requestId: string;
  signal: AbortSignal;
}

export interface RpcAnswer {
  /** Null when everything was a notification. */
  body: RpcResponse | RpcResponse[] | null;
  /** Not JSON at all, or a single thing that is no call. */
  malformed: boolean;
}

export interface DispatchDeps {
  methods: readonly RpcMethod[];
  errorOf: RpcErrorOf;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

export class Dispatcher {
  readonly #deps: DispatchDeps;
  readonly #methods: ReadonlyMap<string, RpcMethod>;

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
    this.#methods = new Map(deps.methods.map((method) => [method.name, method]));
    if (this.#methods.size !== deps.methods.length) throw new Error('Two JSON-RPC methods have one name');
  }

  /** True for the one kind of call a stranger may make: a single call of a public method. */
  isForAnybody(text: string): boolean {
    const request = readRequest(text);
    if (request.kind !== 'single' || !('call' in request.entry)) return false;
    return this.#methods.get(request.entry.call.method)?.access === 'public';
  }

  async handle(text: string, rpcCall: RpcCall): Promise<RpcAnswer> {
    const request = readRequest(text);
    if (request.kind === 'single') {
      const body = await this.#answer(request.entry, rpcCall);
      return { body, malformed: 'fault' in request.entry };
    }
    const answers = await inOrder(request.entries, batchAtOnce, (entry) => this.#answer(entry, rpcCall));
    const body = answers.filter((answer) => answer !== null);
    return { body: body.length > 0 ? body : null, malformed: false };
  }

  async #answer(entry: Entry, rpcCall: RpcCall): Promise<RpcResponse | null> {
    if ('fault' in entry) {
      const { id, error, stage } = entry.fault;
      return { jsonrpc: '2.0', id, error: this.#deps.errorOf(error, stage) };
    }
    const { id } = entry.call;
    const outcome = await this.#run(entry.call, rpcCall);
    if (id === undefined) return null;
    if ('error' in outcome) return { jsonrpc: '2.0', id, error: this.#deps.errorOf(outcome.error, 'call') };
    return { jsonrpc: '2.0', id, result: outcome.result };
  }

  async #run(call: Call, rpcCall: RpcCall): Promise<{ result: unknown } | { error: unknown }> {
    const startedMs = this.#deps.clock.now();
    const method = this.#methods.get(call.method);
    const logger = this.#deps.logger.child({ request_id: rpcCall.requestId, method: method?.name ?? 'unknown' });
    const outcome = await this.#try(method, call, rpcCall, logger);
    const ms = this.#deps.clock.now() - startedMs;
    const code = 'error' in outcome ? codeOf(outcome.error) : 'ok';
    this.#deps.metrics.count('rpc_calls', { method: method?.name ?? 'unknown', code });
    this.#deps.metrics.time('rpc_call', ms, { method: method?.name ?? 'unknown' });
    if ('error' in outcome && code === 'internal') logger.error({ err: outcome.error, ms }, 'rpc.failed');
    else logger.info({ code, ms, caller: rpcCall.caller.kind }, 'rpc.answered');
    return outcome;
  }

  async #try(method: RpcMethod | undefined, call: Call, rpcCall: RpcCall, logger: Logger) {
    try {
      if (rpcCall.refusal) throw rpcCall.refusal;
      if (!method) throw new BridgeError('method_not_found', 'There is no such method; rpc.discover lists them.');
      admit(rpcCall.caller, method.access, method.scope);
      if (!call.params) throw wrongParams([{ path: '', message: 'parameters are named here: send an object' }]);
      const { caller, ip, requestId, signal } = rpcCall;
      const context: CallContext = { caller, ip, requestId, signal, logger };
      return { result: await method.run(context, call.params) };
    } catch (error) {
      return { error };
    }
  }
}
