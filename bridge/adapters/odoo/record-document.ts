// One record of an Odoo without our addon → one document, by the tenant's field mapping. Only text goes in: what changes
// by the minute (price, stock) is read when a customer asks.
import { convert } from 'html-to-text';
import { z } from 'zod';
import type { DocumentKind, KnowledgeDocument } from '../../core/knowledge/document.ts';
import type { FieldMapping } from '../../core/knowledge/field-mapping.ts';

export const OdooRecord = z.looseObject({ id: z.number().int() });
export type OdooRecord = z.infer<typeof OdooRecord>;

/** Of one field, as `fields_get` tells it. */
export interface FieldInfo {
  type: string;
  relation?: string | undefined;
}

const longestBody = 20_000;
const longestTitle = 500;
const asText = {
  wordwrap: false as const,
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    { selector: 'table', options: { uppercaseHeaderCells: false } },
  ],
};

export function documentId(model: string, id: number): string {
  return `odoo:${model}:${id}`;
}

/** Null for what is no record of this model. */
export function recordId(model: string, id: string): number | null {
  const prefix = `odoo:${model}:`;
  const number = id.startsWith(prefix) ? id.slice(prefix.length) : '';
  return /^\d{1,15}$/.test(number) ? Number(number) : null;
}

export function fieldsOf(mapping: FieldMapping): string[] {
  const body = mapping.body.map((part) => (typeof part === 'string' ? part : part.field));
  return [...new Set([mapping.title, ...body, ...Object.values(mapping.attributes)])];
}

export function toDocument(
  kind: DocumentKind,
  mapping: FieldMapping,
  record: OdooRecord,
  fields: ReadonlyMap<string, FieldInfo>,
  hash: string | undefined,
): KnowledgeDocument {
  const read = (field: string) => textOf(record[field], fields.get(field));
  const lines = mapping.body.map((part) => {
    const value = read(typeof part === 'string' ? part : part.field);
    return value === '' || typeof part === 'string' ? value : `${part.label}: ${value}`;
  });
  const attributes = Object.entries(mapping.attributes).map(([name, field]) => [name, read(field)] as const);
  const title = read(mapping.title).slice(0, longestTitle) || documentId(mapping.model, record.id);
  return {
    kind,
    id: documentId(mapping.model, record.id),
    title,
    body: lines
      .filter((line) => line !== '' && line !== title)
      .join('\n')
      .slice(0, longestBody),
    attributes: Object.fromEntries(attributes.filter(([, value]) => value !== '')),
    ...(hash === undefined ? {} : { hash }),
  };
}

/** Odoo says false for "nothing"; a many2one is its id and its name. */
function textOf(value: unknown, info: FieldInfo | undefined): string {
  if (typeof value === 'string') return (info?.type === 'html' ? convert(value, asText) : value).trim();
  if (typeof value === 'number') return value === 0 ? '' : String(value);
  if (typeof value === 'boolean') return info?.type === 'boolean' && value ? '✓' : '';
  if (Array.isArray(value) && info?.type === 'many2one') return typeof value[1] === 'string' ? value[1].trim() : '';
  return '';
}
