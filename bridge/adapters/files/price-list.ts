// The price list in the tenants folder, `_base/model-prices.yaml`, read again when it changes. While it is wrong the list of
// before holds, and without one no model has a price.
import path from 'node:path';
import { ModelPrices, PriceFile } from '../../core/cost/model-prices.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { ConfigLayer } from '../../core/ports/tenant-source.ts';
import { LayerReader } from './read-layer.ts';

export const priceFileName = 'model-prices.yaml';
const lookAgainMs = 5_000;

export class PriceList {
  readonly #file: string;
  readonly #reader: LayerReader;
  readonly #log: Logger;
  readonly #now: () => number;
  #layer: ConfigLayer | null = null;
  #prices = new ModelPrices({ models: {} });
  #lookedAtMs = -Infinity;
  #looking: Promise<void> | null = null;

  constructor(parts: { root: string; log: Logger; now?: () => number }) {
    const root = path.resolve(parts.root);
    this.#file = path.join(root, '_base', priceFileName);
    this.#reader = new LayerReader(root);
    this.#log = parts.log;
    this.#now = parts.now ?? Date.now;
  }

  /** Never rejects. The file is looked at again after five seconds. */
  async current(): Promise<ModelPrices> {
    if (this.#now() - this.#lookedAtMs >= lookAgainMs) {
      this.#looking ??= this.#look().finally(() => (this.#looking = null));
      await this.#looking;
    }
    return this.#prices;
  }

  async #look(): Promise<void> {
    const layer = await this.#reader.read(this.#file);
    this.#reader.endReading();
    this.#lookedAtMs = this.#now();
    if (layer === this.#layer) return;
    this.#layer = layer;
    const prices = layer === null ? new ModelPrices({ models: {} }) : this.#check(layer);
    if (prices) this.#prices = prices;
  }

  #check({ file, content, problem }: ConfigLayer): ModelPrices | null {
    if (problem !== null) {
      this.#log.error({ file, ...problem }, 'price list not taken');
      return null;
    }
    const parsed = PriceFile.safeParse(content ?? {});
    if (parsed.success) return new ModelPrices(parsed.data);
    const [issue] = parsed.error.issues;
    this.#log.error({ file, path: issue?.path.join('.'), message: issue?.message }, 'price list not taken');
    return null;
  }
}
