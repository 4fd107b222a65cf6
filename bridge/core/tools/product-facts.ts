// Price and stock, read from the business system at this moment. They are never indexed and never remembered.
import { z } from 'zod';
import type { Tool } from './tool.ts';

const Input = z.strictObject({
  products: z
    .array(z.strictObject({ kind: z.enum(['product', 'service']), id: z.string().min(1).max(200) }))
    .min(1)
    .max(10)
    .describe('Kind and id exactly as search_knowledge returned them'),
});

export const productFacts: Tool<z.infer<typeof Input>> = {
  name: 'product_facts',
  description:
    'Current price and stock of products or services that search_knowledge found. Use it for every price or availability you mention.',
  input: Input,
  access: 'read',
  async run(turn, input) {
    if (!turn.business) return { text: 'Prices and stock cannot be read now. Say so and offer a person.', sources: [] };
    const facts = await turn.business.productFacts(input.products, turn.signal);
    if (facts.length === 0) {
      return { text: 'No current price or stock is known for these. Say so and offer a person.', sources: [] };
    }
    const text = facts
      .map(
        (fact) => `${fact.ref.kind} ${fact.ref.id}: ${priceText(fact.price, fact.currency)}; ${stockText(fact.stock)}`,
      )
      .join('\n');
    return { text, sources: facts.map((fact) => ({ ...fact.ref, title: fact.ref.id })) };
  },
};

function priceText(price: number | null, currency: string | null): string {
  return price === null ? 'price unknown' : `price ${price.toFixed(2)} ${currency ?? ''}`.trim();
}

function stockText(stock: number | null): string {
  if (stock === null) return 'stock not tracked';
  return stock > 0 ? `in stock (${stock})` : 'out of stock';
}
