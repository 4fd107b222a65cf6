// Odoo as the tenant's business system, through the one model that our addon opens for us. Everything it answers is
// checked: a record that is no document is left out and named in the log, so that it cannot hold up the others.
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import { KnowledgeDocument, documentKinds } from '../../core/knowledge/document.ts';
import type { DocumentKind, DocumentRef } from '../../core/knowledge/document.ts';
import type { BusinessSystem, ManifestPage, ProductFacts } from '../../core/ports/business-system.ts';
import type { IntegrationCheck } from '../../core/ports/integration-check.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { OdooJson2Client } from './json2-client.ts';
import { quoted } from './quoted.ts';

export interface OdooGatewayDeps {
  client: Pick<OdooJson2Client, 'call'>;
  /** What we speak; the addon says the same number. */
  protocol: number;
  /** Oldest addon that fits, in Odoo's form (19.0.1.0.0). */
  minAddon: string;
  logger: Logger;
}

const model = 'integrator.gateway';

const Ref = z.object({ kind: z.enum(documentKinds), id: z.string().min(1) });
const Manifest = z.object({
  items: z.array(Ref.extend({ hash: z.string() })),
  next: z.string(),
  digest: z.string(),
});
const Documents = z.object({ documents: z.array(z.unknown()), gone: z.array(Ref) });
const Description = z.object({ protocol: z.number().int(), addon_version: z.string() });
type Description = z.infer<typeof Description>;
const Fact = Ref.extend({ currency: z.string(), price: z.number().optional(), stock: z.number().optional() });
const FactsAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.object({ facts: z.array(Fact) }) }),
  z.object({ ok: z.literal(false), code: z.string(), message: z.string() }),
]);
/** The tool takes no more at once; a turn never asks for so many. */
const mostProducts = 50;

export class OdooGateway implements BusinessSystem {
  readonly #deps: OdooGatewayDeps;

  constructor(deps: OdooGatewayDeps) {
    this.#deps = deps;
  }

  async manifest(kinds: DocumentKind[], after: string, limit: number, signal: AbortSignal): Promise<ManifestPage> {
    return this.#ask('manifest', { kinds, after, limit }, Manifest, signal);
  }

  async documents(refs: DocumentRef[], signal: AbortSignal): ReturnType<BusinessSystem['documents']> {
    const asked = refs.map(({ kind, id }) => ({ kind, id }));
    const { documents, gone } = await this.#ask('documents', { refs: asked }, Documents, signal);
    return { documents: documents.flatMap((given) => this.#readDocument(given)), gone };
  }

  /** From the addon of products; where it is not installed there are none: no price is better than an old one. */
  async productFacts(refs: DocumentRef[], signal: AbortSignal): Promise<ProductFacts[]> {
    const products = refs.filter(({ kind }) => kind === 'product' || kind === 'service').slice(0, mostProducts);
    if (products.length === 0) return [];
    const asked = { products: products.map(({ kind, id }) => ({ kind, id })) };
    const call = { name: 'product_facts', arguments: asked, caller: {}, key: '' };
    const answer = await this.#ask('call_tool', call, FactsAnswer, signal);
    if (answer.ok) return answer.result.facts.map(toFacts);
    if (answer.code === 'unknown_tool') return [];
    throw new BridgeError('upstream_rejected', `Odoo refused to tell prices: ${quoted(answer.message)}`);
  }

  async check(signal: AbortSignal): Promise<IntegrationCheck> {
    const startedAt = performance.now();
    const verdict = await this.#verdict(signal);
    return { ...verdict, ms: Math.round(performance.now() - startedAt) };
  }

  async #verdict(signal: AbortSignal): Promise<Omit<IntegrationCheck, 'ms'>> {
    try {
      return this.#fits(await this.#ask('describe', {}, Description, signal));
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error;
      return { ok: false, message: error.message, fix: error.problems[0]?.message ?? fixOf(error) };
    }
  }

  #fits({ protocol, addon_version: addon }: Description): Omit<IntegrationCheck, 'ms'> {
    const { protocol: ours, minAddon } = this.#deps;
    if (protocol > ours) {
      const message = `The Odoo addon ${addon} is newer than this bridge (protocol ${protocol}, here ${ours}).`;
      return { ok: false, message, fix: 'Update the bridge.' };
    }
    if (protocol < ours || isOlder(addon, minAddon)) {
      const message = `The Odoo addon ${addon} is too old: this bridge needs ${minAddon} and protocol ${ours}.`;
      return { ok: false, message, fix: 'Update the addon universal_integrator in Odoo.' };
    }
    return { ok: true, message: `Odoo answers, addon ${addon}.`, fix: null };
  }

  async #ask<Answer>(
    method: string,
    args: Record<string, unknown>,
    schema: z.ZodType<Answer>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const read = schema.safeParse(await this.#deps.client.call(model, method, args, signal));
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    const where = issue?.path.map(String).join('.') ?? '';
    throw new BridgeError(
      'upstream_rejected',
      `Odoo's answer to ${method} has another form (${where}): update the addon.`,
    );
  }

  #readDocument(given: unknown): KnowledgeDocument[] {
    const read = KnowledgeDocument.safeParse(given);
    if (read.success) return [read.data];
    const [issue] = read.error.issues;
    const id = Ref.safeParse(given).data?.id ?? null;
    this.#deps.logger.warn(
      { id, path: issue?.path.map(String).join('.'), reason: issue?.message },
      'odoo.document_left_out',
    );
    return [];
  }
}

function toFacts({ kind, id, price, currency, stock }: z.infer<typeof Fact>): ProductFacts {
  return { ref: { kind, id }, price: price ?? null, currency, stock: stock ?? null };
}

function fixOf({ code }: BridgeError): string {
  return code === 'upstream_unavailable'
    ? 'Check that Odoo runs and that the bridge reaches its address.'
    : 'Open the connection in Odoo and send the credential again.';
}

/** Compares versions number by number; what is no number counts as 0. */
function isOlder(version: string, than: string): boolean {
  const [mine, other] = [version, than].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0));
  for (let i = 0; i < (other?.length ?? 0); i++) {
    const difference = (mine?.[i] ?? 0) - (other?.[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
