// The words of JSON-RPC 2.0 as data, without transport and without error numbers: the numbers belong to the one error
// table, which is handed in as `RpcErrorOf`.
import type { FieldProblem } from '../errors.ts';

export type RpcId = string | number | null;

export interface RpcError {
  code: number;
  message: string;
  data?: { problems: FieldProblem[] } | { retry_after_ms: number };
}

export type RpcResponse =
  { jsonrpc: '2.0'; id: RpcId; result: unknown } | { jsonrpc: '2.0'; id: RpcId; error: RpcError };

/** Where a wrong request was found out: the three have numbers of their own in JSON-RPC. */
export type RpcStage = 'parse' | 'request' | 'call';

export type RpcErrorOf = (error: unknown, stage: RpcStage) => RpcError;
