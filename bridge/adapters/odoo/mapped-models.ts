// What an Odoo without our addon has of the models that a tenant's field mappings name: their fields, and whether it knows
// the tenant's language. Here is also what is never read, whatever a mapping says.
import { z } from 'zod';
import { canonicalJson } from '../../core/knowledge/document.ts';
import { isOpenModel, mappedKinds } from '../../core/knowledge/field-mapping.ts';
import type { FieldMapping, FieldMappings, MappedKind } from '../../core/knowledge/field-mapping.ts';
import type { OdooGatewayDeps } from './gateway.ts';
import { fieldsOf } from './record-document.ts';
import type { FieldInfo } from './record-document.ts';
import { asOdooAnswer, RecordSnapshot } from './record-snapshot.ts';

export interface MappedModel {
  kind: MappedKind;
  mapping: FieldMapping;
  fields: ReadonlyMap<string, FieldInfo>;
  snapshot: RecordSnapshot;
  /** With the tenant's language, when that Odoo has it. */
  context: Record<string, unknown>;
}

/** Of partners only the companies whose Odoo this is: customers and suppliers are nobody's knowledge. */
const partners = { model: 'res.partner', ownCompanies: ['ref_company_ids', '!=', false] } as const;

const Fields = z.record(z.string(), z.looseObject({ type: z.string(), relation: z.string().optional() }));
const Languages = z.array(z.unknown());

type Client = OdooGatewayDeps['client'];

export async function askMappedModels(
  client: Client,
  mappings: FieldMappings,
  language: string,
  signal: AbortSignal,
): Promise<MappedModel[]> {
  const context = await askContext(client, language, signal);
  const models: MappedModel[] = [];
  for (const kind of mappedKinds) {
    const given = mappings[kind];
    if (!given) continue;
    const mapping = ownCompaniesOnly(given);
    const fields = await askFields(client, mapping.model, signal);
    models.push({ kind, mapping, fields, context, snapshot: snapshotOf(client, mapping, fields, context) });
  }
  return models;
}

/** Odoo refuses a language that it has not installed. */
async function askContext(client: Client, language: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  const asked = { domain: [['code', '=', language]], fields: ['code'] };
  const found = asOdooAnswer(Languages, await client.call('res.lang', 'search_read', asked, signal), 'search_read');
  return found.length > 0 ? { lang: language } : {};
}

async function askFields(client: Client, model: string, signal: AbortSignal): Promise<ReadonlyMap<string, FieldInfo>> {
  const answer = await client.call(model, 'fields_get', { attributes: ['type', 'relation'] }, signal);
  const fields = Object.entries(asOdooAnswer(Fields, answer, 'fields_get'));
  return new Map(fields.filter(([, { relation }]) => relation === undefined || mayBeNamed(relation)));
}

function snapshotOf(
  client: Client,
  mapping: FieldMapping,
  fields: ReadonlyMap<string, FieldInfo>,
  context: Record<string, unknown>,
): RecordSnapshot {
  const known = fieldsOf(mapping).filter((field) => fields.has(field));
  const relations = known.flatMap((field) => {
    const info = fields.get(field);
    return info?.type === 'many2one' && info.relation ? [{ field, model: info.relation }] : [];
  });
  const { model, domain } = mapping;
  const form = canonicalJson([mapping, known, context]);
  return new RecordSnapshot(client.call.bind(client), { model, domain, relations, form, context });
}

function ownCompaniesOnly(mapping: FieldMapping): FieldMapping {
  if (mapping.model !== partners.model) return mapping;
  return { ...mapping, domain: [...mapping.domain, [...partners.ownCompanies]] };
}

/** The name of a partner or a user who is pointed at is nobody's knowledge either. */
function mayBeNamed(model: string): boolean {
  return isOpenModel(model) && model !== partners.model;
}
