// One simulated Chatwoot while it runs: its records, its version, and the parts that react to its events.
// A reset makes a new world; nothing of the old one may be reachable from it.
import type { EventEmitter } from 'node:events';
import type { SandboxConfig } from './config.ts';
import type { DeliveryQueue } from './deliveries/delivery-queue.ts';
import type { DomainEvent } from './events.ts';
import type { FaultBox } from './faults/fault-box.ts';
import type { RequestLog } from './rest/request-log.ts';
import type { SandboxState } from './state/sandbox-state.ts';
import type { Tasks } from './tasks.ts';
import type { VersionFeatures } from './versions.ts';

export interface World {
  readonly config: SandboxConfig;
  readonly features: VersionFeatures;
  readonly state: SandboxState;
  readonly tasks: Tasks;
  readonly deliveries: DeliveryQueue;
  readonly faults: FaultBox;
  readonly requests: RequestLog;
  /** Emits `event` with a DomainEvent, and `change` whenever anything a waiting test could look at is different. */
  readonly bus: EventEmitter;
  /** The sandbox's own address, for attachment links. */
  readonly baseUrl: () => string;
  publish(event: DomainEvent): void;
}
