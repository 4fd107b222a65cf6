// Webhook requests: verified first, read afterwards.
import type { DeliveryReading } from '../message.ts';
import type { Tenant } from '../tenant.ts';

/** A webhook request before anybody believes it. Header names are lower case. */
export interface RawDelivery {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  /** The token of the URL form for installations that cannot sign; null on the plain path. */
  urlToken: string | null;
}

/** Verifies first, parses afterwards. The only maker of `DeliveryReading`. */
export interface Deliveries {
  /**
   * Rejects with `bad_signature` (also for an unknown tenant: pass null), `bad_request` (signed but not readable) or
   * `upstream_unavailable` (the secrets could not be read).
   */
  open(tenant: Tenant | null, raw: RawDelivery): Promise<DeliveryReading>;
}
