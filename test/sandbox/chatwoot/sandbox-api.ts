// What a suite does with the simulated Chatwoot: look and wait (looking-api), act (acting-api), and cause trouble (here).
// The admin HTTP API offers the same by name.
import { ActingApi } from './api/acting-api.ts';
import type { MisbehaviourRule } from './deliveries/misbehaviour.ts';
import { Hold, type HoldHandle, type WantedHold } from './faults/hold.ts';
import { restFault, type RestFaultInput } from './faults/rest-fault.ts';

export class SandboxApi extends ActingApi {
  fault(fault: RestFaultInput): void {
    this.world.faults.add(restFault.parse(fault));
  }

  holdNext(wanted: Partial<WantedHold> & { path?: string }): HoldHandle & { id: string } {
    const hold = new Hold({ ...wanted, when: wanted.when ?? 'before-store' });
    this.world.faults.addHold(hold);
    return hold;
  }

  misbehave(rule: MisbehaviourRule): void {
    this.world.deliveries.misbehaviour.add(rule);
  }

  clearFaults(): void {
    this.world.faults.clear();
    this.world.deliveries.misbehaviour.clear();
  }
}
