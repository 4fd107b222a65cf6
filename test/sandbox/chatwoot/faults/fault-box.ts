// Faults and holds for REST calls, scoped by endpoint and count. Each request passes two gates: before its effect is stored and
// after it is stored but before it is answered. A rule says what happens at its gate.
import type { RestFault } from './rest-fault.ts';
import type { Hold } from './hold.ts';

export type Gate = 'before-store' | 'after-store';

export interface PassingRequest {
  method: string;
  path: string;
  endpoint: string;
  body: unknown;
}

interface LiveFault {
  fault: RestFault;
  skip: number;
  left: number;
}

export class FaultBox {
  private faults: LiveFault[] = [];
  private readonly holds: Hold[] = [];

  add(fault: RestFault): void {
    this.faults.push({ fault, skip: fault.skip, left: fault.count });
  }

  addHold(hold: Hold): void {
    this.holds.push(hold);
  }

  hold(id: string): Hold | undefined {
    return this.holds.find((hold) => hold.id === id);
  }

  /** Ends every rule; whoever is held goes on. */
  clear(): void {
    this.faults = [];
    for (const hold of this.holds.splice(0)) hold.release();
  }

  takeFault(request: PassingRequest, gate: Gate): RestFault | null {
    for (const live of this.faults) {
      if (live.fault.when !== gate || !matches(live.fault, request)) continue;
      if (live.skip > 0) {
        live.skip -= 1;
        continue;
      }
      live.left -= 1;
      if (live.left <= 0) this.faults = this.faults.filter((other) => other !== live);
      return live.fault;
    }
    return null;
  }

  takeHold(request: PassingRequest, gate: Gate): Hold | null {
    const hold = this.holds.find(
      (candidate) => candidate.free && candidate.wanted.when === gate && matches(candidate.wanted, request),
    );
    return hold ?? null;
  }
}

/** `path` is an endpoint name (`messages.create`) or a part of the address; absent = every call. */
function matches(wanted: { method?: string | undefined; path?: string | undefined }, request: PassingRequest): boolean {
  if (wanted.method !== undefined && wanted.method.toUpperCase() !== request.method) return false;
  return wanted.path === undefined || wanted.path === request.endpoint || request.path.includes(wanted.path);
}
