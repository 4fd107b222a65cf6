// `knowledge.*`: what the business knows, pushed in, compared, searched. The work is Knowledge's; here are the shapes and
// the limits of one call.
import { z } from 'zod';
import { BridgeError } from '../../errors.ts';
import { documentKinds } from '../../knowledge/document.ts';
import type { SearchHit } from '../../knowledge/knowledge.ts';
import type { RpcDeps } from '../deps.ts';
import { instant, instantMs } from '../instant.ts';
import { tenantMethod } from '../method.ts';
import type { RpcMethod } from '../method.ts';
import { writeAudit } from '../write-audit.ts';

const maxDocuments = 500;
const maxBytes = 4 * 1024 * 1024;
const kind = z.enum(documentKinds);
const documentRef = z.strictObject({ kind, id: z.string().min(1).max(200) });
const source = z.string().min(1).max(40);
const count = z.number().int().min(0);
const indexCounts = z
  .strictObject({ points: count, missing: count, foreign: count })
  .nullable()
  .describe('The search index, held against the documents; null when it cannot be looked at.');

export function knowledgeMethods(deps: RpcDeps): RpcMethod[] {
  return [upsert(deps), remove(deps), reconcile(deps), status(deps), search(deps), sync(deps)];
}

function upsert(deps: RpcDeps): RpcMethod {
  return tenantMethod(deps.tenants, {
    name: 'knowledge.upsert',
    summary: `Saves documents, at most ${maxDocuments} and 4 MB in one call; durable when it returns.`,
    access: 'token',
    scope: 'odoo',
    params: z.strictObject({
      source: source.default('rpc'),
      documents: z.array(z.unknown()).max(maxDocuments).describe('Each a document; a wrong one is rejected by itself.'),
    }),
    result: z.strictObject({
      received: count,
      embedded: count,
      updated: count,
      unchanged: count,
      pending: count,
      rejected: z.array(
        z.strictObject({
          index: count,
          kind: z.string().nullable(),
          id: z.string().nullable(),
          path: z.string(),
          message: z.string(),
        }),
      ),
    }),
    run: async (context, { source: owner, documents }) => {
      if (new TextEncoder().encode(JSON.stringify(documents)).length > maxBytes) {
        throw new BridgeError('too_large', 'The documents of one call may have at most 4 MB: send them in parts.');
      }
      const report = await deps.knowledge.upsert(context.tenant, owner, documents, context.signal);
      const { received, rejected } = report;
      const detail = { source: owner, received, rejected: rejected.length };
      await writeAudit(deps, context, context.accountId, 'knowledge.upsert', detail);
      return report;
    },
  });
}

function remove(deps: RpcDeps): RpcMethod {
  return tenantMethod(deps.tenants, {
    name: 'knowledge.remove',
    summary: 'Removes documents by kind and id.',
    access: 'token',
    scope: 'odoo',
    params: z.strictObject({ documents: z.array(documentRef).max(10_000) }),
    result: z.strictObject({ removed: count }),
    run: async (context, { documents }) => {
      const removed = await deps.knowledge.remove(context.tenant, documents);
      await writeAudit(deps, context, context.accountId, 'knowledge.remove', { asked: documents.length, removed });
      return { removed };
    },
  });
}

function reconcile(deps: RpcDeps): RpcMethod {
  return tenantMethod(deps.tenants, {
    name: 'knowledge.reconcile',
    summary: 'Compares what a source has with what is stored under its name; removes what is extra on the last call.',
    access: 'token',
    scope: 'odoo',
    params: z.strictObject({
      source,
      kinds: z.array(kind).min(1),
      run: z.string().min(1).max(100).describe('Calls with the same run are parts of one comparison.'),
      items: z.array(documentRef.extend({ hash: z.string().max(200) })).max(10_000),
      last: z.boolean(),
      dry_run: z.boolean().default(false),
    }),
    result: z.strictObject({
      missing: z.array(documentRef),
      stale: z.array(documentRef),
      extra: z.array(documentRef),
      removed: count,
    }),
    run: async (context, { dry_run: dryRun, ...request }) => {
      const report = await deps.knowledge.reconcile(context.tenant, { ...request, dryRun });
      if (report.removed > 0) {
        const detail = { source: request.source, removed: report.removed };
        await writeAudit(deps, context, context.accountId, 'knowledge.reconcile', detail);
      }
      return report;
    },
  });
}

function status(deps: RpcDeps): RpcMethod {
  return tenantMethod(deps.tenants, {
    name: 'knowledge.status',
    summary: 'How many documents there are, how many are embedded, and which contradict each other.',
    access: 'token',
    scope: 'read',
    params: z.strictObject({}),
    result: z.strictObject({
      kinds: z.partialRecord(
        kind,
        z.strictObject({
          documents: count,
          embedded: count,
          pending: count,
          failed: count,
          last_sync: z.string().nullable(),
        }),
      ),
      model: z.string(),
      version: count,
      conflicts: z.array(z.strictObject({ ids: z.array(z.string()), about: z.string(), values: z.array(z.string()) })),
      index: indexCounts,
      reindexing: z
        .strictObject({ from: z.string(), to: z.string(), done: count, total: count })
        .nullable()
        .describe('Under way to another embedding model; the old index answers until all are done.'),
    }),
    run: async ({ tenant }) => deps.knowledge.status(tenant),
  });
}

function search(deps: RpcDeps): RpcMethod {
  return tenantMethod(deps.tenants, {
    name: 'knowledge.search',
    summary: 'Finds documents that are valid at an instant; no hits when nothing is good enough.',
    access: 'token',
    scope: 'read',
    params: z.strictObject({
      query: z.string().trim().min(1).max(2_000),
      kinds: z.array(kind).default([]),
      limit: z.number().int().min(1).max(50).default(5),
      at: instant.optional(),
      channel: z.string().min(1).max(60).toLowerCase().optional(),
      service: z.string().min(1).max(60).toLowerCase().optional(),
      include_invalid: z.boolean().default(false),
    }),
    result: z.strictObject({
      hits: z.array(
        z.strictObject({
          kind,
          id: z.string(),
          title: z.string(),
          score: z.number(),
          matched: z.array(z.string()),
          valid: z.boolean(),
          excerpt: z.string(),
        }),
      ),
      ms: z.number(),
      degraded: z.string().optional(),
    }),
    run: async ({ tenant, signal }, { query, at, channel, service, include_invalid: includeInvalid, ...rest }) => {
      const atMs = at === undefined ? deps.clock.now() : instantMs(at, tenant.config.timezone);
      const scope = { channel: channel ?? null, service: service ?? null };
      const asked = { ...rest, ...scope, text: query, atMs, includeInvalid };
      const { hits, ms, degraded } = await deps.knowledge.search(tenant, asked, signal);
      return { hits: hits.map(shown), ms, ...(degraded === null ? {} : { degraded }) };
    },
  });
}

function sync(deps: RpcDeps): RpcMethod {
  return tenantMethod(deps.tenants, {
    name: 'knowledge.sync',
    summary: "Compares with the tenant's source now and brings over what differs; a dry run only counts.",
    access: 'admin',
    scope: null,
    params: z.strictObject({ dry_run: z.boolean().default(false) }),
    result: z.strictObject({
      items: count.describe('What the source lists.'),
      fetched: count,
      embedded: count,
      unchanged: count,
      removed: count,
      differences: count.describe('Left afterwards; of a dry run, what a run would bring over, take out or mend.'),
      index: indexCounts,
      calls: count,
      ms: count,
    }),
    run: async (context, { dry_run: dryRun }) => {
      const report = await deps.syncKnowledge(context.tenant, { dryRun, signal: context.signal });
      if (!report) {
        throw new BridgeError('bad_request', 'This tenant has no source to compare with: save its Odoo credential.');
      }
      return report;
    },
  });
}

function shown({ document, score, matched, valid, excerpt }: SearchHit) {
  return { kind: document.kind, id: document.id, title: document.title, score, matched, valid, excerpt };
}
