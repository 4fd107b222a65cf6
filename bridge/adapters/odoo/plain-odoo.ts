// An Odoo without our addon (version 14 and later) as the tenant's business system: products, services and the company's
// own addresses, by the field mapping of its domain. It reads with the rights of the tenant's own user and writes nothing.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import { refKey } from '../../core/knowledge/document.ts';
import type { DocumentKind, DocumentRef, KnowledgeDocument } from '../../core/knowledge/document.ts';
import type { FieldMapping, FieldMappings, MappedKind } from '../../core/knowledge/field-mapping.ts';
import type { BusinessSystem, ManifestItem, ManifestPage, ProductFacts } from '../../core/ports/business-system.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { IntegrationCheck } from '../../core/ports/integration-check.ts';
import type { OdooGatewayDeps } from './gateway.ts';
import { askMappedModels } from './mapped-models.ts';
import type { MappedModel } from './mapped-models.ts';
import { documentId, fieldsOf, OdooRecord, recordId, toDocument } from './record-document.ts';
import { asOdooAnswer } from './record-snapshot.ts';

export interface PlainOdooDeps {
  client: OdooGatewayDeps['client'];
  mappings: FieldMappings;
  /** Odoo's form, for example pt_BR; texts come in it where they are translated. */
  language: string;
  clock: Clock;
}

const Records = z.array(OdooRecord);

export class PlainOdoo implements BusinessSystem {
  readonly #deps: PlainOdooDeps;
  #mapped: Promise<MappedModel[]> | null = null;
  /** Of the walk that goes on now: every page of one walk is cut from one look. */
  #items: ManifestItem[] = [];
  #digest = '';

  constructor(deps: PlainOdooDeps) {
    this.#deps = deps;
  }

  /** The cursor is the number of items before it. */
  async manifest(kinds: DocumentKind[], after: string, limit: number, signal: AbortSignal): Promise<ManifestPage> {
    if (after === '' || this.#digest === '') await this.#look(signal);
    const asked = this.#items.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
    const from = /^\d{0,9}$/.test(after) ? Number(after) : Number.NaN;
    if (Number.isNaN(from)) throw new BridgeError('bad_request', 'after: this is no cursor of this manifest.');
    const items = asked.slice(from, from + Math.max(1, limit));
    const next = from + items.length < asked.length ? String(from + items.length) : '';
    return { items, next, digest: this.#digest };
  }

  async documents(refs: DocumentRef[], signal: AbortSignal): ReturnType<BusinessSystem['documents']> {
    const hashes = new Map(this.#items.map((item) => [refKey(item), item.hash]));
    const documents: KnowledgeDocument[] = [];
    for (const model of await this.#mappedModels(signal)) {
      const { kind, mapping, fields } = model;
      const ids = idsOf(refs, kind, mapping);
      if (ids.length === 0) continue;
      const known = fieldsOf(mapping).filter((field) => fields.has(field));
      for (const record of await this.#records(model, ids, known, signal)) {
        const hash = hashes.get(refKey({ kind, id: documentId(mapping.model, record.id) }));
        documents.push(toDocument(kind, mapping, record, fields, hash));
      }
    }
    const found = new Set(documents.map(refKey));
    return { documents, gone: refs.filter((ref) => !found.has(refKey(ref))) };
  }

  async productFacts(refs: DocumentRef[], signal: AbortSignal): Promise<ProductFacts[]> {
    const facts: ProductFacts[] = [];
    for (const model of await this.#mappedModels(signal)) {
      const { kind, mapping, fields } = model;
      const ids = idsOf(refs, kind, mapping);
      const wanted = [mapping.price, mapping.stock].filter((field) => field !== undefined && fields.has(field));
      if (ids.length === 0 || wanted.length === 0) continue;
      const more = ['currency_id', 'is_storable', 'type'].filter((field) => fields.has(field));
      for (const record of await this.#records(model, ids, [...wanted.map(String), ...more], signal)) {
        facts.push({
          ref: { kind, id: documentId(mapping.model, record.id) },
          price: numberOf(record, mapping.price),
          currency: currencyOf(record),
          stock: isStorable(record) ? numberOf(record, mapping.stock) : null,
        });
      }
    }
    return facts;
  }

  async check(signal: AbortSignal): Promise<IntegrationCheck> {
    const startedAt = performance.now();
    const verdict = await this.#verdict(signal);
    return { ...verdict, ms: Math.round(performance.now() - startedAt) };
  }

  async #verdict(signal: AbortSignal): Promise<Omit<IntegrationCheck, 'ms'>> {
    try {
      const mapped = await this.#mappedModels(signal);
      const unknown = mapped.flatMap(({ mapping, fields }) => fieldsOf(mapping).filter((field) => !fields.has(field)));
      const left = unknown.length > 0 ? ` Fields it does not have are left out: ${unknown.join(', ')}.` : '';
      const models = mapped.map(({ mapping }) => mapping.model).join(', ');
      return { ok: true, message: `Odoo answers, without the addon; read are ${models}.${left}`, fix: null };
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error;
      return { ok: false, message: error.message, fix: 'Check the address, the database and what the user may read.' };
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const items: ManifestItem[] = [];
    for (const { kind, mapping, snapshot } of await this.#mappedModels(signal)) {
      for (const [id, hash] of await snapshot.look(this.#deps.clock.now(), signal)) {
        items.push({ kind, id: documentId(mapping.model, id), hash });
      }
    }
    this.#items = items;
    this.#digest = createHash('sha256').update(JSON.stringify(items)).digest('hex');
  }

  /** Asked once; a failure is asked again. */
  #mappedModels(signal: AbortSignal): Promise<MappedModel[]> {
    const { client, mappings, language } = this.#deps;
    const asked = this.#mapped ?? askMappedModels(client, mappings, language, signal);
    this.#mapped = asked;
    asked.catch(() => {
      if (this.#mapped === asked) this.#mapped = null;
    });
    return asked;
  }

  async #records(
    { mapping, context }: MappedModel,
    ids: number[],
    fields: string[],
    signal: AbortSignal,
  ): Promise<OdooRecord[]> {
    const domain = [...mapping.domain, ['id', 'in', ids]];
    const asked = { domain, fields, context };
    const answer = await this.#deps.client.call(mapping.model, 'search_read', asked, signal);
    return asOdooAnswer(Records, answer, 'search_read');
  }
}

function idsOf(refs: readonly DocumentRef[], kind: MappedKind, mapping: FieldMapping): number[] {
  return refs.flatMap((ref) => (ref.kind === kind ? (recordId(mapping.model, ref.id) ?? []) : []));
}

function numberOf(record: OdooRecord, field: string | undefined): number | null {
  const value = field === undefined ? null : record[field];
  return typeof value === 'number' ? value : null;
}

function currencyOf({ currency_id: currency }: OdooRecord): string | null {
  return Array.isArray(currency) && typeof currency[1] === 'string' ? currency[1] : null;
}

/** Since Odoo 18 a field of its own says so; before, the type does. */
function isStorable(record: OdooRecord): boolean {
  return record['is_storable'] === true || record['type'] === 'product';
}
