// Builds a running simulated Chatwoot from its seed.
import type { EventEmitter } from 'node:events';
import type { SandboxConfig } from './config.ts';
import { DeliveryQueue } from './deliveries/delivery-queue.ts';
import { FaultBox } from './faults/fault-box.ts';
import { RequestLog } from './rest/request-log.ts';
import { seedState } from './state/seed.ts';
import { Tasks } from './tasks.ts';
import { featuresOf } from './versions.ts';
import type { World } from './world.ts';

export function makeWorld(config: SandboxConfig, bus: EventEmitter, baseUrl: () => string): World {
  const deliveries = new DeliveryQueue();
  const world: World = {
    config,
    features: featuresOf(config.version),
    state: seedState(config),
    tasks: new Tasks(() => bus.emit('change')),
    deliveries,
    faults: new FaultBox(),
    requests: new RequestLog(config.log_limit),
    bus,
    baseUrl,
    publish(event) {
      deliveries.accept(world, event);
      bus.emit('event', event);
      bus.emit('change');
    },
  };
  return world;
}

/** Nothing of this world runs on: no delivery, no timer, no held request. */
export function endWorld(world: World): void {
  world.tasks.stop();
  world.deliveries.stop();
  world.faults.clear();
}
