// The knowledge document: what the business knows, in the shape that crosses every border (YAML, JSON-RPC, Odoo gateway).
// Validity is data here and a decision at answer time only; nothing stores "expired".
import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import { z } from 'zod';

export const documentKinds = [
  'rule',
  'faq',
  'policy',
  'scheduling',
  'document',
  'product',
  'service',
  'company',
] as const;
export type DocumentKind = (typeof documentKinds)[number];

const dateOrDateTime = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: false })]);
const scope = z.array(z.string().min(1).max(60).toLowerCase()).max(50);
const attributeValue = z.union([z.string().max(2000), z.number(), z.boolean(), z.array(z.string().max(500)).max(100)]);

export const KnowledgeDocument = z.strictObject({
  kind: z.enum(documentKinds),
  id: z.string().min(1).max(200),
  title: z.string().trim().min(1).max(500),
  body: z.string().max(100_000),
  lang: z.string().min(2).max(10).optional(),
  valid_from: dateOrDateTime.nullish(),
  valid_to: dateOrDateTime.nullish(),
  channels: scope.optional(),
  services: scope.optional(),
  audience: scope.optional(),
  priority: z.number().int().min(-1000).max(1000).optional(),
  attributes: z.record(z.string().max(60), attributeValue).optional(),
  active: z.boolean().optional(),
  updated_at: z.iso.datetime({ offset: true }).optional(),
  source: z.string().max(40).optional(),
  hash: z.string().max(200).optional(),
});
export type KnowledgeDocument = z.infer<typeof KnowledgeDocument>;

export interface DocumentRef {
  kind: DocumentKind;
  id: string;
}

/** Text form of a reference; kinds hold no colon, so the first colon separates. */
export function refKey(ref: DocumentRef): string {
  return `${ref.kind}:${ref.id}`;
}

export function parseRefKey(key: string): DocumentRef {
  const colon = key.indexOf(':');
  return { kind: key.slice(0, colon) as DocumentKind, id: key.slice(colon + 1) };
}

/** A document as the bridge keeps it: with its owner, the source's etag and our own two hashes. */
export interface StoredDocument {
  version: 1;
  document: KnowledgeDocument;
  /** Who owns it: `yaml`, `odoo`, `rpc`. A reconcile removes only inside its own source. */
  source: string;
  /** The source's own etag, compared for equality only; '' when the source gave none. */
  etag: string;
  /** Changes when the embedded text changes: embed again. */
  textHash: string;
  /** Changes when anything else changes: payload only. */
  restHash: string;
  /** Name of the embedding model whose vector is stored, null while pending. */
  embeddedWith: string | null;
  /** Last embedding failure, for `knowledge.status`; null when fine. */
  failure: string | null;
  storedAtMs: number;
}

const searchedAttributes = ['sku', 'brand', 'category'] as const;

/** The text that is embedded and searched: title, body and the attributes people search by. */
export function searchText(document: KnowledgeDocument): string {
  const attributes = searchedAttributes
    .map((name) => document.attributes?.[name])
    .filter((value) => value !== undefined)
    .map((value) => (Array.isArray(value) ? value.join(' ') : String(value)));
  return [document.title, document.body, ...attributes].join('\n').trim();
}

export function textHashOf(document: KnowledgeDocument): string {
  return sha256(`${document.lang ?? ''}\n${searchText(document)}`);
}

/** Fields that say when and where from, not what. */
const unhashed = new Set(['hash', 'updated_at', 'source']);

export function restHashOf(document: KnowledgeDocument): string {
  const rest = Object.fromEntries(Object.entries(document).filter(([name]) => !unhashed.has(name)));
  return sha256(canonicalJson(rest));
}

/** JSON with sorted keys and without undefined, so that equal documents hash equally. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Validity as a half-open range of instants `[fromMs, toMs)`: dates are inclusive days in the tenant's time zone. */
export function validityRange(document: KnowledgeDocument, timezone: string): { fromMs: number; toMs: number } {
  return {
    fromMs: document.valid_from ? startOf(document.valid_from, timezone) : Number.NEGATIVE_INFINITY,
    toMs: document.valid_to ? endOf(document.valid_to, timezone) : Number.POSITIVE_INFINITY,
  };
}

export function isValidAt(document: KnowledgeDocument, timezone: string, atMs: number): boolean {
  const { fromMs, toMs } = validityRange(document, timezone);
  return document.active !== false && atMs >= fromMs && atMs < toMs;
}

function startOf(value: string, timezone: string): number {
  return isDate(value) ? DateTime.fromISO(value, { zone: timezone }).toMillis() : Date.parse(value);
}

function endOf(value: string, timezone: string): number {
  if (!isDate(value)) return Date.parse(value) + 1;
  return DateTime.fromISO(value, { zone: timezone }).plus({ days: 1 }).toMillis();
}

function isDate(value: string): boolean {
  return value.length === 10;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
