// The business system of a tenant: documents to be indexed, and facts that never are.
import type { DocumentKind, DocumentRef, KnowledgeDocument } from '../knowledge/document.ts';
import type { IntegrationCheck } from './integration-check.ts';

export interface ManifestItem extends DocumentRef {
  hash: string;
}

export interface ManifestPage {
  items: ManifestItem[];
  /** Cursor of the next page, '' at the end. */
  next: string;
  digest: string;
}

/** Facts that change by the minute and are therefore never indexed. */
export interface ProductFacts {
  ref: DocumentRef;
  price: number | null;
  currency: string | null;
  /** Units in stock, null when unknown or not tracked. */
  stock: number | null;
}

/** The tenant's business system, bound to the tenant's own credentials (Odoo through its gateway, or the YAML catalogue). */
export interface BusinessSystem {
  manifest(kinds: DocumentKind[], after: string, limit: number, signal: AbortSignal): Promise<ManifestPage>;
  documents(refs: DocumentRef[], signal: AbortSignal): Promise<{ documents: KnowledgeDocument[]; gone: DocumentRef[] }>;
  /** Read at answer time, never from an index. Unknown products are left out. */
  productFacts(refs: DocumentRef[], signal: AbortSignal): Promise<ProductFacts[]>;
  check(signal: AbortSignal): Promise<IntegrationCheck>;
}
