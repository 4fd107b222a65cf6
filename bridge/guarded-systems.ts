// Outside systems behind their guards: the same ports, with retries, a breaker and a bound around each call. Every call of
// these ports may be repeated; a write to Odoo carries its own key.
import { createHash } from 'node:crypto';
import type { OdooJson2Client } from './adapters/odoo/json2-client.ts';
import type { ChatModel } from './core/ports/chat-model.ts';
import type { Embedder } from './core/ports/embedder.ts';
import type { GuardedCall, GuardedDependency, Guards, RestingEndpoints } from './core/ports/guards.ts';
import type { DependencyCheck } from './core/rpc/readiness.ts';

type OdooClient = Pick<OdooJson2Client, 'call'>;

export interface GuardedAddress {
  /** Null = the provider's own. */
  url: string | null;
  credential: string | null;
  accountId: string;
}

export function guardedModel(model: ChatModel, guards: Guards, address: GuardedAddress): ChatModel {
  const call = callTo('model', address, model.name);
  return { name: model.name, next: (request, signal) => guards.run(call, (own) => model.next(request, own), signal) };
}

export function guardedOdoo(client: OdooClient, guards: Guards, address: GuardedAddress): OdooClient {
  const call = callTo('odoo', address, '');
  return {
    call: (model, method, args, signal) => guards.run(call, (own) => client.call(model, method, args, own), signal),
  };
}

/** Embeddings are shared by tenants, and so is their bound. */
export function guardedEmbedder(
  embedder: Embedder,
  guards: Guards,
  address: Omit<GuardedAddress, 'accountId'>,
): Embedder {
  const call = callTo('embeddings', { ...address, accountId: '' }, embedder.model);
  const embed: Embedder['embed'] = (texts, signal) => guards.run(call, (own) => embedder.embed(texts, own), signal);
  const { model, dimensions, isRemote } = embedder;
  return { model, dimensions, isRemote, embed };
}

/** One line of `/ready` for each kind of system that has endpoints at rest; none while all is well. */
export function restingChecks(guards: Guards, nowMs: () => number): DependencyCheck[] {
  return guards.resting().map((resting) => ({
    name: resting.dependency,
    isEssential: false,
    check: async () => ({ state: 'degraded', ms: null, ...wordsFor(resting, nowMs()) }),
  }));
}

function wordsFor({ dependency, count, sinceMs }: RestingEndpoints, nowMs: number): { message: string; fix: string } {
  const seconds = Math.max(0, Math.round((nowMs - sinceMs) / 1000));
  return { message: `${count} failing for ${seconds} s, asked only now and then`, fix: fixes[dependency] };
}

const fixes: Record<GuardedDependency, string> = {
  model: 'Check the model endpoint, its key and its quota; until it answers, replies are made without a model.',
  embeddings: 'Check the embedding endpoint, its key and its quota; until it answers, search goes by words alone.',
  odoo: 'Check that Odoo runs and that the bridge reaches its address; until then answers do without live facts.',
};

/** The key goes into a hash: two tenants with one address and two keys fail each for themselves. */
function callTo(
  dependency: GuardedDependency,
  { url, credential, accountId }: GuardedAddress,
  more: string,
): GuardedCall {
  const endpoint = createHash('sha256').update([url, credential, more].join('\n')).digest('hex');
  const host = url !== null && URL.canParse(url) ? new URL(url).host : 'standard';
  return { dependency, endpoint, host, accountId };
}
