// How records of an Odoo without our addon become documents: which model, which of its records, which fields. Part of the
// tenant's configuration; the defaults stand in tenants/_base, a domain or a tenant changes what is different there.
import { z } from 'zod';

const fieldName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'use the technical name of a field, for example description_sale');
/** Nobody's correspondence, orders, accounts, users or settings become knowledge. */
const closedModels =
  /^(?:ir\.|res\.(?:users|groups|config)|mail\.|account\.|base|hr\.|payment\.|sale\.|purchase\.|crm\.|project\.|helpdesk\.|calendar\.|pos\.|stock\.|iap\.|bus\.|auth|discuss\.|sms\.|phone\.)/;

export function isOpenModel(model: string): boolean {
  return /^[a-z][a-z0-9_.]{1,62}$/.test(model) && !closedModels.test(model);
}

const modelName = z.string().refine(isOpenModel, 'this model holds no knowledge for customers');

const bodyPart = z.union([fieldName, z.strictObject({ field: fieldName, label: z.string().max(100) })]);

export const FieldMapping = z.strictObject({
  model: modelName,
  /** An Odoo search domain, in JSON form. */
  domain: z.array(z.union([z.string(), z.tuple([z.string(), z.string(), z.unknown()])])).default([]),
  title: fieldName.default('name'),
  /** In this order; a field that the Odoo does not have is passed over. */
  body: z.array(bodyPart).default([]),
  attributes: z.record(z.string().max(60), fieldName).default({}),
  /** Read live at answer time, never indexed. */
  price: fieldName.optional(),
  stock: fieldName.optional(),
});
export type FieldMapping = z.infer<typeof FieldMapping>;

/** The kinds whose records Odoo has without our addon. */
export const mappedKinds = ['product', 'service', 'company'] as const;
export type MappedKind = (typeof mappedKinds)[number];
export const FieldMappings = z.partialRecord(z.enum(mappedKinds), FieldMapping);
export type FieldMappings = z.infer<typeof FieldMappings>;
