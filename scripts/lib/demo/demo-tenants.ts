// The demo's tenants: the ones in tenants/, mirrored into a folder of their own in which only the Chatwoot address differs.
// Knowledge folders are links, so that an edited rule is used by the running demo; nothing is written into the clone.
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import type { Document } from 'yaml';

export interface DemoTenant {
  domain: string;
  accountId: string;
  name: string;
  chatwootAccountId: number;
  inboxes: { id: number; channel: DemoChannel }[];
  team: string | null;
}

/** In the order of the inbox numbers N01 … N08 of the demo tenants. */
export const demoChannels = [
  'whatsapp',
  'instagram',
  'facebook',
  'email',
  'web',
  'telegram',
  'sms',
  'marketplace',
] as const;
export type DemoChannel = (typeof demoChannels)[number];

/** `edit` may change a tenant's configuration further; the clone's own files stay as they are. */
export function mirrorTenants(
  source: string,
  target: string,
  chatwootUrl: string,
  edit: (config: Document) => void = () => undefined,
): DemoTenant[] {
  const tenants: DemoTenant[] = [];
  for (const domain of folders(source)) {
    if (domain === '_base') {
      symlinkSync(path.join(source, domain), link(target, domain));
      continue;
    }
    symlinkSync(path.join(source, domain, 'domain.yaml'), link(target, domain, 'domain.yaml'));
    for (const accountId of folders(path.join(source, domain))) {
      const tenant = mirrorTenant(source, target, { domain, accountId }, chatwootUrl, edit);
      if (tenant) tenants.push(tenant);
    }
  }
  return tenants;
}

function mirrorTenant(
  source: string,
  target: string,
  place: { domain: string; accountId: string },
  chatwootUrl: string,
  edit: (config: Document) => void,
): DemoTenant | null {
  const from = path.join(source, place.domain, place.accountId);
  const config = parseDocument(readFileSync(path.join(from, 'config.yaml'), 'utf8'));
  const chatwootAccountId = Number(config.getIn(['integrations', 'chatwoot', 'account_id']));
  if (!Number.isInteger(chatwootAccountId)) return null;
  config.setIn(['integrations', 'chatwoot', 'base_url'], chatwootUrl);
  edit(config);
  symlinkSync(path.join(from, 'knowledge'), link(target, place.domain, place.accountId, 'knowledge'));
  writeFileSync(path.join(target, place.domain, place.accountId, 'config.yaml'), config.toString());
  const plain = config.toJS() as {
    name: string;
    handoff?: { team?: string };
    integrations: { chatwoot: { inboxes: (number | { id: number })[] } };
  };
  return {
    ...place,
    name: plain.name,
    chatwootAccountId,
    inboxes: plain.integrations.chatwoot.inboxes.flatMap((inbox) =>
      toInbox(typeof inbox === 'number' ? inbox : inbox.id),
    ),
    team: plain.handoff?.team ?? null,
  };
}

function toInbox(id: number): DemoTenant['inboxes'] {
  const channel = demoChannels[(id % 100) - 1];
  return channel ? [{ id, channel }] : [];
}

function link(...parts: string[]): string {
  const full = path.join(...parts);
  mkdirSync(path.dirname(full), { recursive: true });
  return full;
}

function folders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
