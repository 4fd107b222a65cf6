// What happens to one request at one gate: held until released, delayed, cut, answered with an error, or nothing.
import type { ServerResponse } from 'node:http';
import type { FaultBox, Gate, PassingRequest } from './fault-box.ts';
import type { RestFault } from './rest-fault.ts';

export interface FaultAnswer {
  status: number;
  text?: string;
  headers?: Record<string, string>;
  json?: unknown;
}

/** @returns null to go on, `cut` when the connection is closed without an answer, or the answer to give instead */
export async function passGate(
  faults: FaultBox,
  request: PassingRequest,
  gate: Gate,
  response: ServerResponse,
): Promise<FaultAnswer | 'cut' | null> {
  const hold = faults.takeHold(request, gate);
  if (hold !== null) {
    const options = await hold.stop(request);
    const goesOn = options.store ?? !response.destroyed;
    if (gate === 'before-store' && !goesOn) return cut(response);
  }
  const fault = faults.takeFault(request, gate);
  return fault === null ? null : applyFault(fault, response);
}

async function applyFault(fault: RestFault, response: ServerResponse): Promise<FaultAnswer | 'cut' | null> {
  switch (fault.action) {
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      return null;
    case 'cut':
      return cut(response);
    case 'rate-limit':
      // Chatwoot's own limiter answers plain text and, by default, no Retry-After.
      return {
        status: 429,
        text: 'Retry later\n',
        ...(fault.retry_after_s === undefined ? {} : { headers: { 'retry-after': String(fault.retry_after_s) } }),
      };
    case 'error':
      return fault.status === 500
        ? { status: 500, json: { status: 500, error: 'Internal Server Error' } }
        : { status: fault.status, text: 'Bad Gateway\n' };
  }
}

function cut(response: ServerResponse): 'cut' {
  response.destroy();
  return 'cut';
}
