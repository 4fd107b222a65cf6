// Sums as people read them. A reply costs less than a cent, so small ones keep their digits.
import type { Money } from '../../core/cost/pricing.ts';
import type { Words } from './words.ts';

export function moneyText({ amount, currency }: Money, words: Words): string {
  const digits = amount > 0 && amount < 0.1 ? { maximumSignificantDigits: 2 } : {};
  return new Intl.NumberFormat(words.lang, { style: 'currency', currency, ...digits }).format(amount);
}
