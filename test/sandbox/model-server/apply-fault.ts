// Carries out one fault: some end the call before an answer, some spoil the answer that was planned.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ModelAnswer } from './chat-answer.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { ReadyFault } from './model-fault.ts';

/** @returns an answer to give instead, `gone` when there will be none, null to go on */
export async function applyFault(fault: ReadyFault, response: ServerResponse): Promise<HttpAnswer | 'gone' | null> {
  switch (fault.action) {
    case 'stall':
      if (!response.destroyed) await once(response, 'close');
      return 'gone';
    case 'cut':
      response.destroy();
      return 'gone';
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      return null;
    case 'error':
      return {
        status: fault.status,
        json: { error: { message: 'The server had an error', type: 'server_error', param: null, code: null } },
      };
    case 'rate-limit':
      return {
        status: 429,
        json: { error: { message: 'Rate limit reached', type: 'requests', param: null, code: 'rate_limit_exceeded' } },
        ...(fault.retry_after_s === undefined ? {} : { headers: { 'retry-after': String(fault.retry_after_s) } }),
      };
    case 'not-json':
      return { status: 200, text: '<html><body>Service busy</body></html>' };
    case 'bad-tool-arguments':
    case 'nonsense':
    case 'empty':
      return null;
  }
}

/** Spoils what was planned, when the fault is of that kind. */
export function breakAnswer(answer: ModelAnswer, fault: ReadyFault | null): ModelAnswer {
  if (fault?.action === 'bad-tool-arguments') {
    const calls = answer.toolCalls ?? [{ name: 'search_knowledge', arguments: {} }];
    return { toolCalls: calls.map((call) => ({ name: call.name, arguments: '{"query": "prazo' })) };
  }
  if (fault?.action === 'nonsense') return { text: 'zzkt 8842 %% lorem plim R$ 999.999,99 em 0 dias ###' };
  return fault?.action === 'empty' ? { text: '' } : answer;
}

export async function passFault(
  fault: ReadyFault | null,
  response: ServerResponse,
): Promise<HttpAnswer | 'gone' | null> {
  return fault === null ? null : applyFault(fault, response);
}
