// What calls of models cost by the installation's price list. A model that is not on it has no price, which is not the same
// as costing nothing.
import { z } from 'zod';
import type { PaidCall } from './paid-call.ts';

const usd = z.number().min(0);

/** US dollars for a million tokens. */
export const PriceFile = z.strictObject({
  models: z.record(z.string().min(1), z.strictObject({ input: usd, output: usd.default(0) })).default({}),
});
export type PriceFile = z.infer<typeof PriceFile>;

const perTokens = 1_000_000;

export class ModelPrices {
  readonly #models: ReadonlyMap<string, PriceFile['models'][string]>;

  constructor({ models }: PriceFile) {
    this.#models = new Map(Object.entries(models));
  }

  /** In US dollars; null when the model has no known price. */
  usdOf({ model, inputTokens, outputTokens }: PaidCall): number | null {
    const price = this.#models.get(model) ?? this.#models.get(withoutDate(model));
    return price ? (inputTokens * price.input + outputTokens * price.output) / perTokens : null;
  }
}

/** Providers date the versions of a model: `gpt-4.1-mini-2025-04-14`. */
function withoutDate(model: string): string {
  return model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
}
