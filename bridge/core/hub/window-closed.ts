// A reply window that has closed: nothing we write arrives, so no model is paid for it. Where the tenant has an approved
// message it goes out once, and the customer's answer to it opens the window; otherwise people are told why nothing did.
import type { LiveConversation } from '../ports/conversations.ts';
import type { ReplyPart } from '../ports/reply-ledger.ts';
import type { CustomerMessage } from '../message.ts';
import type { Tenant } from '../tenant.ts';

const rules = {
  whatsapp: 'o WhatsApp só permite responder até 24 horas depois da última mensagem do cliente',
  messenger: 'o Messenger só permite responder até 24 horas depois da última mensagem do cliente',
  instagram: 'o Instagram só permite responder até 24 horas depois da última mensagem do cliente',
  tiktok: 'o TikTok só permite responder até 48 horas depois da última mensagem do cliente',
  inbox_setting: 'a configuração desta caixa de entrada limita o prazo de resposta',
} as const;

export function closedWindowNote(live: LiveConversation | 'people' | null): string {
  const rule = live === null || live === 'people' ? undefined : live.closedWindow?.rule;
  const why = rule ? ` (${rules[rule]})` : '';
  return `⏳ O cliente escreveu, mas a janela de resposta deste canal está fechada${why}. Nada foi enviado.`;
}

/** The approved message as a part of a reply, or null when this channel has none. */
export function reopeningPart(tenant: Tenant, last: CustomerMessage): Omit<ReplyPart, 'messageId'> | null {
  const template = tenant.config.channels[last.channel]?.reopen_template;
  if (!template) return null;
  // A place that stays empty is refused by the channel.
  const name = last.contact.name?.trim().split(/\s+/)[0] || 'cliente';
  const fill = (text: string): string => text.replaceAll('{name}', name);
  const { name: templateName, language, category, values, text } = template;
  return {
    text: fill(text),
    template: {
      inboxId: last.inboxId,
      name: templateName,
      language,
      ...(category === undefined ? {} : { category }),
      values: values.map(fill),
    },
  };
}
