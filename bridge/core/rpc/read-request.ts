// From text to calls: the envelope of JSON-RPC 2.0 and nothing of its content. What is not a call is answered by itself
// and never spoils the other calls of a batch.
import { BridgeError } from '../errors.ts';
import { maxDepth } from './json-depth.ts';
import type { NamedParams } from './method.ts';
import type { RpcId, RpcStage } from './protocol.ts';

export const maxBatch = 100;
/** Deeper than any document, shallow enough for every recursive walk behind it. */
const deepestNesting = 50;

/** `id` is undefined for a notification. */
export interface Call {
  id: RpcId | undefined;
  method: string;
  /** Null when they were given by position, which no method here takes. */
  params: NamedParams | null;
}

export interface Fault {
  id: RpcId;
  error: BridgeError;
  stage: RpcStage;
}

export type Entry = { call: Call } | { fault: Fault };

export type Request = { kind: 'single'; entry: Entry } | { kind: 'batch'; entries: Entry[] };

export function readRequest(text: string): Request {
  const parsed = parse(text);
  if ('fault' in parsed) return { kind: 'single', entry: parsed };
  const { value } = parsed;
  if (!Array.isArray(value)) return { kind: 'single', entry: readEntry(value) };
  if (value.length === 0) return { kind: 'single', entry: invalid(null, 'A batch must hold at least one call.') };
  if (value.length > maxBatch) {
    return { kind: 'single', entry: invalid(null, `A batch may hold at most ${maxBatch} calls.`) };
  }
  return { kind: 'batch', entries: value.map(readEntry) };
}

function parse(text: string): { value: unknown } | { fault: Fault } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: { id: null, error: new BridgeError('bad_request', 'This is not JSON.'), stage: 'parse' } };
  }
  if (maxDepth(value, deepestNesting) > deepestNesting) {
    return invalid(null, `Nested deeper than ${deepestNesting} levels.`);
  }
  return { value };
}

function readEntry(value: unknown): Entry {
  if (!isObject(value)) return invalid(null, 'A call must be an object.');
  const id = value['id'];
  const known = isId(id) ? id : null;
  if (id !== undefined && !isId(id)) return invalid(null, 'id must be a text, a number or null.');
  if (value['jsonrpc'] !== '2.0') return invalid(known, 'jsonrpc must be "2.0".');
  const method = value['method'];
  if (typeof method !== 'string') return invalid(known, 'method must be a text.');
  const params = value['params'] ?? {};
  if (value['params'] === null || typeof params !== 'object') return invalid(known, 'params must be an object.');
  return { call: { id, method, params: isObject(params) ? params : null } };
}

function invalid(id: RpcId, message: string): { fault: Fault } {
  return { fault: { id, error: new BridgeError('bad_request', message), stage: 'request' } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is RpcId {
  return value === null || typeof value === 'string' || typeof value === 'number';
}
