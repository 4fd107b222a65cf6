// How each channel is written on: length, number of messages, emoji. Texts are plain on purpose: Chatwoot treats content as
// Markdown and converts it per channel, except for API inboxes, where it passes raw; plain text is right everywhere.
import type { ChannelKey } from '../message.ts';
import type { Tenant } from '../tenant.ts';

export interface ChannelProfile {
  /** What the channel takes in one message, in characters (chatwoot.md, section 6). */
  maxCharacters: number;
  /** Told to the model. */
  style: string;
}

export const channelProfiles: Record<ChannelKey, ChannelProfile> = {
  whatsapp: { maxCharacters: 1600, style: 'WhatsApp: short sentences, friendly, at most three short paragraphs' },
  instagram: { maxCharacters: 1000, style: 'Instagram direct: very short and warm' },
  facebook: { maxCharacters: 2000, style: 'Messenger: short and friendly' },
  email: { maxCharacters: 25_000, style: 'E-mail: complete sentences, a greeting and a closing line' },
  web: { maxCharacters: 10_000, style: 'Web chat: direct, at most two short paragraphs' },
  telegram: { maxCharacters: 4096, style: 'Telegram: short and friendly' },
  sms: { maxCharacters: 320, style: 'SMS: one sentence, no emoji' },
  marketplace: { maxCharacters: 2000, style: 'Marketplace questions: polite, objective, no links and no contact data' },
  default: { maxCharacters: 1000, style: 'Short, friendly and clear' },
};

/** The parts that go out, in order, never none. What fits the channel's limit is one message. */
export function shapeReply(text: string, channel: ChannelKey, tenant: Tenant): string[] {
  const emoji = tenant.config.company_metadata.customer_service.emoji_usage;
  const plain = withoutMarkup(text);
  const styled = emoji === 'none' || channel === 'sms' ? withoutEmoji(plain) : plain;
  // An answer of emoji alone is better than none.
  return splitText(styled.trim() || plain.trim() || text, channelProfiles[channel].maxCharacters);
}

function withoutMarkup(text: string): string {
  return text
    .replace(/^#{1,6}\s+/gm, '')
    .replace(/\*\*(?=\S)([^\n*]*\S)\*\*/g, '$1')
    .replace(/(?<![\p{L}\p{N}_/])__(?=\S)([^\n_]*\S)__(?![\p{L}\p{N}_])/gu, '$1')
    .replace(/\[([^\]\n]+)\]\((https?:\/\/[^)\s]+)\)/g, '$1: $2')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n');
}

function withoutEmoji(text: string): string {
  return text
    .replace(/(?![©®™])\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200D|\uFE0F|\u20E3/gu, '')
    .replace(/[ \t]{2,}/g, ' ')
    .replace(/ +([,.!?])/g, '$1')
    .replace(/^ +| +$/gm, '');
}

/** Cuts at paragraphs, then sentences, then words, and inside a word only when nothing else is left. */
export function splitText(text: string, maxCharacters: number): string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > maxCharacters) {
    const cut = cutPoint(rest, maxCharacters);
    parts.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  return rest === '' ? parts : [...parts, rest];
}

function cutPoint(text: string, maxCharacters: number): number {
  // One character more: what stands right behind the limit may be the space to cut at.
  const head = text.slice(0, maxCharacters + 1);
  const candidates = [head.lastIndexOf('\n\n'), lastSentenceEnd(head), head.lastIndexOf('\n'), head.lastIndexOf(' ')];
  const good = candidates.find((index) => index > maxCharacters * 0.4);
  if (good !== undefined) return good;
  // Never between the two halves of a surrogate pair.
  return maxCharacters > 1 && /[\uD800-\uDBFF]$/.test(head.slice(0, maxCharacters)) ? maxCharacters - 1 : maxCharacters;
}

function lastSentenceEnd(text: string): number {
  const last = [...text.matchAll(/[.!?…](?=\s)/g)].at(-1);
  return last === undefined ? -1 : last.index + 1;
}
