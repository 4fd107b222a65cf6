// Every REST call the sandbox received, and every call that does not fit Chatwoot's API. A suite asserts that `violations` is empty.

export type TokenKind = 'user' | 'bot' | 'none' | 'unknown';

export interface LoggedRequest {
  seq: number;
  at: string;
  tokenKind: TokenKind;
  /** Name of the token's owner. */
  tokenOwner: string | null;
  method: string;
  path: string;
  query: string;
  /** Endpoint name, or null for a call Chatwoot does not have. */
  endpoint: string | null;
  body: unknown;
  /** HTTP status answered; null when the connection was cut or the call is still open. */
  status: number | null;
  ms: number | null;
}

export interface Violation {
  kind:
    | 'unknown_call'
    | 'unknown_body_key'
    | 'wrong_body'
    | 'unknown_query_key'
    | 'wrong_query'
    | 'not_json'
    | 'too_long_for_channel'
    | 'trap';
  method: string;
  path: string;
  message: string;
}

export class RequestLog {
  readonly requests: LoggedRequest[] = [];
  readonly violations: Violation[] = [];
  /** Calls not answered yet. */
  open = 0;
  /** Calls whose connection was closed by the caller before the answer. */
  callersGone = 0;
  private nextSeq = 1;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  begin(entry: Omit<LoggedRequest, 'seq' | 'at' | 'status' | 'ms'>): LoggedRequest {
    const logged: LoggedRequest = { ...entry, seq: this.nextSeq, at: new Date().toISOString(), status: null, ms: null };
    this.nextSeq += 1;
    this.open += 1;
    this.requests.push(logged);
    if (this.requests.length > this.limit) this.requests.splice(0, this.requests.length - this.limit);
    return logged;
  }
}
