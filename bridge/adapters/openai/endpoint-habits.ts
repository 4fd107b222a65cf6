// What was learned about an endpoint by being refused, so that it is learned once: which name it has for the limit of an
// answer's length. OpenAI's newer models refuse the old name, most others know only that one, some know none.
export type LengthField = 'max_completion_tokens' | 'max_tokens' | null;

const orders: Record<'openai' | 'compatible', readonly LengthField[]> = {
  openai: ['max_completion_tokens', 'max_tokens', null],
  compatible: ['max_tokens', 'max_completion_tokens', null],
};
/** Tenants come and go; what is forgotten is learned again with one refused call. */
const endpointsKept = 2_000;

export class EndpointHabits {
  readonly #known = new Map<string, LengthField>();

  /** The name to use, what was learned first; `baseUrl` null = OpenAI itself. */
  lengthField(baseUrl: string | null, model: string): LengthField {
    const known = this.#known.get(keyOf(baseUrl, model));
    return known === undefined ? (orderFor(baseUrl)[0] ?? null) : known;
  }

  /** This name was refused. Returns the next one to try, undefined when all of them were. */
  refused(baseUrl: string | null, model: string, field: LengthField): LengthField | undefined {
    const order = orderFor(baseUrl);
    const next = order[order.indexOf(field) + 1];
    if (next !== undefined) {
      if (this.#known.size >= endpointsKept) this.#known.clear();
      this.#known.set(keyOf(baseUrl, model), next);
    }
    return next;
  }
}

function orderFor(baseUrl: string | null): readonly LengthField[] {
  return orders[baseUrl === null || new URL(baseUrl).hostname.endsWith('openai.com') ? 'openai' : 'compatible'];
}

function keyOf(baseUrl: string | null, model: string): string {
  return `${baseUrl ?? ''}\n${model}`;
}
