// The sealed form of one credential: AES-256-GCM with a header in clear (kind, field names, time, key id). The header,
// the tenant and the entry's name are authenticated with it, so an entry that is copied to another tenant or another
// name, or whose header was edited, does not open.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import { canonicalJson } from '../../core/knowledge/document.ts';
import type { Credential } from '../../core/ports/credentials.ts';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

export interface MasterKey {
  /** Tells keys apart without telling anything about them. */
  readonly id: string;
  readonly bytes: Buffer;
}

export interface MasterKeys {
  readonly current: MasterKey;
  readonly previous: MasterKey | null;
}

/** @param current 32 bytes; @param previous 32 bytes of the key before, still opened */
export function masterKeys(current: Buffer, previous: Buffer | null): MasterKeys {
  return { current: withId(current), previous: previous === null ? null : withId(previous) };
}

export interface SealedPlace {
  accountId: string;
  ref: string;
}

const Header = z.object({
  v: z.literal(1),
  key: z.string(),
  kind: z.enum(['chatwoot', 'odoo', 'model', 'mcp']),
  fields: z.array(z.string()),
  updated_at_ms: z.number(),
});
type Header = z.infer<typeof Header>;

const Envelope = Header.extend({ iv: z.base64(), tag: z.base64(), data: z.base64() });
type Envelope = z.infer<typeof Envelope>;

const Secret = z.object({
  fields: z.record(z.string(), z.union([z.string(), z.array(z.string()), z.record(z.string(), z.string())])),
  origin: z.string().nullable(),
});

export function seal({ current }: MasterKeys, place: SealedPlace, credential: Credential): string {
  const { kind, fields, origin, updatedAtMs } = credential;
  const header: Header = {
    v: 1,
    key: current.id,
    kind,
    fields: Object.keys(fields).sort(),
    updated_at_ms: updatedAtMs,
  };
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, current.bytes, iv, { authTagLength: tagBytes });
  cipher.setAAD(boundTo(place, header));
  const data = Buffer.concat([cipher.update(JSON.stringify({ fields, origin }), 'utf8'), cipher.final()]);
  const parts = { iv, tag: cipher.getAuthTag(), data };
  const encoded = Object.entries(parts).map(([name, bytes]): [string, string] => [name, bytes.toString('base64')]);
  return JSON.stringify({ ...header, ...Object.fromEntries(encoded) });
}

/** Throws `internal` when it does not open: wrong key, moved or changed. */
export function openSealed(keys: MasterKeys, place: SealedPlace, sealed: string): Credential {
  const envelope = readEnvelope(place, sealed);
  const key = [keys.current, keys.previous].find((candidate) => candidate?.id === envelope.key);
  if (key === undefined || key === null) {
    const message = `${named(place)} was sealed with another key: set BRIDGE_MASTER_KEY_PREVIOUS to it, or save the credential again`;
    throw new BridgeError('internal', message);
  }
  const { fields, origin } = Secret.parse(JSON.parse(decrypt(key, place, envelope)));
  return { ref: place.ref, kind: envelope.kind, fields, origin, updatedAtMs: envelope.updated_at_ms };
}

/** The part in clear, unproved: enough to list and to see which key is needed. */
export function headerOf(place: SealedPlace, sealed: string): Header {
  return Header.parse(readEnvelope(place, sealed));
}

function decrypt(key: MasterKey, place: SealedPlace, envelope: Envelope): string {
  try {
    const iv = Buffer.from(envelope.iv, 'base64');
    const decipher = createDecipheriv(algorithm, key.bytes, iv, { authTagLength: tagBytes });
    decipher.setAAD(boundTo(place, Header.parse(envelope)));
    decipher.setAuthTag(Buffer.from(envelope.tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(envelope.data, 'base64')), decipher.final()]).toString('utf8');
  } catch {
    throw damaged(place);
  }
}

function readEnvelope(place: SealedPlace, sealed: string): Envelope {
  try {
    return Envelope.parse(JSON.parse(sealed));
  } catch {
    throw damaged(place);
  }
}

function damaged(place: SealedPlace): BridgeError {
  return new BridgeError('internal', `${named(place)} is damaged or was moved here: save the credential again`);
}

function boundTo({ accountId, ref }: SealedPlace, header: Header): Buffer {
  return Buffer.from(canonicalJson({ account_id: accountId, ref, ...header }));
}

function named({ accountId, ref }: SealedPlace): string {
  return `Credential ${ref} of tenant ${accountId}`;
}

function withId(bytes: Buffer): MasterKey {
  if (bytes.length !== 32) throw new BridgeError('internal', 'A master key has 32 bytes');
  return { id: createHash('sha256').update('master-key-id').update(bytes).digest('hex').slice(0, 12), bytes };
}
