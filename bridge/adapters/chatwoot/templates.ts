// Whether a message template may be sent: Chatwoot hands an unknown name to Meta without its values and lets Meta decide, so
// it is compared here with what the inbox has approved. Only a user's token may read inboxes.
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import type { OutgoingTemplate } from '../../core/ports/conversations.ts';
import type { ChatwootHttp } from './http.ts';
import type { PlaceMemory } from './place-memory.ts';
import { readAs } from './read-as.ts';

/** Templates are synced into Chatwoot every few hours at best. */
const inboxFreshMs = 300_000;

const Template = z.object({
  name: z.string().nullish(),
  friendly_name: z.string().nullish(),
  language: z.string().nullish(),
  status: z.string().nullish(),
});
const TemplateInbox = z.object({
  channel_type: z.string(),
  message_templates: z.array(Template).nullish().catch(null),
  content_templates: z
    .object({ templates: z.array(Template) })
    .nullish()
    .catch(null),
});
type TemplateInbox = z.infer<typeof TemplateInbox>;

interface Asks {
  http: ChatwootHttp;
  memory: PlaceMemory;
  token: string;
  signal: AbortSignal;
}

/** Rejects with `upstream_rejected` when the inbox has no such approved template. */
export async function checkTemplate(asks: Asks, template: OutgoingTemplate): Promise<{ isFlat: boolean }> {
  const inbox = await inboxWith(asks, template.inboxId);
  const isTwilio = inbox.channel_type === 'Channel::TwilioSms';
  const known = isTwilio ? inbox.content_templates?.templates : inbox.message_templates;
  if (!known?.some((candidate) => isSame(candidate, template))) {
    throw new BridgeError(
      'upstream_rejected',
      `The inbox has no approved template ${template.name} in ${template.language}`,
    );
  }
  return { isFlat: isTwilio };
}

async function inboxWith({ http, memory, token, signal }: Asks, inboxId: number): Promise<TemplateInbox> {
  const key = `templates ${inboxId}`;
  const known = memory.recall(key) as TemplateInbox | undefined;
  if (known) return known;
  const { json } = await http({ method: 'GET', path: `/inboxes/${inboxId}`, token, signal });
  const inbox = readAs(TemplateInbox, json);
  memory.keep(key, inbox, inboxFreshMs);
  return inbox;
}

function isSame(candidate: z.infer<typeof Template>, { name, language }: OutgoingTemplate): boolean {
  const lower = (text: string | null | undefined) => (text ?? '').toLowerCase();
  const isApproved =
    candidate.status === null || candidate.status === undefined || lower(candidate.status) === 'approved';
  const isNamed = lower(candidate.name ?? candidate.friendly_name) === lower(name);
  return isApproved && isNamed && lower(candidate.language) === lower(language);
}
