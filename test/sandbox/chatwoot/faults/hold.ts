// Stops one request at a gate until the test lets it go: this is how a test gets "inside the POST".
// If the caller's connection is gone when a request held before storing is released, nothing is stored, unless told otherwise.
import { randomUUID } from 'node:crypto';
import type { Gate, PassingRequest } from './fault-box.ts';

export interface WantedHold {
  path?: string | undefined;
  method?: string | undefined;
  when: Gate;
}

export interface ReleaseOptions {
  /** Held before storing: store it even though the caller is gone, or do not store it even though he waits. */
  store?: boolean | undefined;
}

export interface HoldHandle {
  /** Resolves with the request once one stands at the gate. */
  reached: Promise<PassingRequest>;
  release(options?: ReleaseOptions): void;
}

export class Hold implements HoldHandle {
  readonly id = randomUUID();
  readonly wanted: WantedHold;
  readonly reached: Promise<PassingRequest>;
  /** No request has been stopped yet. */
  free = true;
  held: PassingRequest | null = null;
  private readonly released: Promise<ReleaseOptions>;
  private arrive: (request: PassingRequest) => void = () => undefined;
  private letGo: (options: ReleaseOptions) => void = () => undefined;

  constructor(wanted: WantedHold) {
    this.wanted = wanted;
    this.reached = new Promise((resolve) => (this.arrive = resolve));
    this.released = new Promise((resolve) => (this.letGo = resolve));
  }

  /** Called by the server when a request stands at the gate. */
  stop(request: PassingRequest): Promise<ReleaseOptions> {
    this.free = false;
    this.held = request;
    this.arrive(request);
    return this.released;
  }

  release(options: ReleaseOptions = {}): void {
    this.free = false;
    this.letGo(options);
  }
}
