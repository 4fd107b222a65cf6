// A tenant's Odoo, with our addon or without: the gateway is asked whether it is there, and the answer is remembered for a
// while, so that an addon that is installed later takes over by itself.
import type { DocumentKind, DocumentRef } from '../../core/knowledge/document.ts';
import type { BusinessSystem } from '../../core/ports/business-system.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { MissingModel } from './missing-model.ts';

const rememberMs = 10 * 60_000;

export class OdooBusiness implements BusinessSystem {
  readonly #gateway: BusinessSystem;
  readonly #plain: BusinessSystem;
  readonly #clock: Clock;
  #known: { system: BusinessSystem; untilMs: number } | null = null;

  constructor(gateway: BusinessSystem, plain: BusinessSystem, clock: Clock) {
    this.#gateway = gateway;
    this.#plain = plain;
    this.#clock = clock;
  }

  async manifest(kinds: DocumentKind[], after: string, limit: number, signal: AbortSignal) {
    return (await this.#system(signal)).manifest(kinds, after, limit, signal);
  }

  async documents(refs: DocumentRef[], signal: AbortSignal) {
    return (await this.#system(signal)).documents(refs, signal);
  }

  async productFacts(refs: DocumentRef[], signal: AbortSignal) {
    return (await this.#system(signal)).productFacts(refs, signal);
  }

  /** Always asks anew: whoever checks may just have installed the addon. Trouble is told as the gateway tells it. */
  async check(signal: AbortSignal) {
    this.#known = null;
    const system = await this.#system(signal).catch(() => this.#gateway);
    return system.check(signal);
  }

  async #system(signal: AbortSignal): Promise<BusinessSystem> {
    const nowMs = this.#clock.now();
    if (this.#known && nowMs < this.#known.untilMs) return this.#known.system;
    const system = (await this.#hasGateway(signal)) ? this.#gateway : this.#plain;
    this.#known = { system, untilMs: nowMs + rememberMs };
    return system;
  }

  async #hasGateway(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#gateway.documents([], signal);
      return true;
    } catch (error) {
      if (error instanceof MissingModel) return false;
      throw error;
    }
  }
}
