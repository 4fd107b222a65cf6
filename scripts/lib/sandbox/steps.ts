// The sandbox as a list: what `up` brings up, in this order; `down` goes the other way by itself. A step starts what
// is not running yet, records it (sandbox.record), and hands facts to later ones (sandbox.setFact). A new server is a
// new file with a step and a line here; node-server.ts starts those written in TypeScript.
import type { Sandbox } from './sandbox.ts';
import { bridgeStep } from './bridge-step.ts';
import { chatwootStep } from './chatwoot-step.ts';
import { odooStep } from './odoo-step.ts';
import { postgresStep } from './postgres-step.ts';
import { redisStep } from './redis-step.ts';
import { shopStep } from './shop-step.ts';

export interface SandboxStep {
  /** Name in `status`, and of what it records. */
  name: string;
  /** Brings it up if it is not; an error ends `up` and everything this `up` started. */
  up: (sandbox: Sandbox) => Promise<void>;
  /** False for a step that only arranges what others started; `status` leaves it out. */
  hasServer?: false;
}

export const SANDBOX_STEPS: SandboxStep[] = [redisStep, postgresStep, odooStep, bridgeStep, chatwootStep, shopStep];
