// Answers to buttons and forms in the website chat. Chatwoot stores them on our own message and tells them as an update of it,
// so an adapter that skips its own messages loses them.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CustomerMessage } from '../../core/message.ts';
import type { OurSide } from './conversation-facts.ts';
import { toCustomerMessage } from './customer-message.ts';
import type { MessagePayload } from './payload.ts';

const Chosen = z.array(z.object({ title: z.string().nullish(), name: z.string().nullish(), value: z.unknown() }));

export interface FormAnswer {
  key: string;
  entry: CustomerMessage;
}

/** Null when the message holds no answer. */
export function formAnswerOf(message: MessagePayload, ours: OurSide, nowMs: number): FormAnswer | null {
  const text = textOf(message);
  if (text === null || text === '') return null;
  const answer = { ...message, content: text, content_type: 'input_select', sender: null, attachments: null };
  const print = createHash('sha256').update(text).digest('hex').slice(0, 16);
  // The message is ours and its time is when we wrote it; when it was answered nobody says.
  const entry = { ...toCustomerMessage(answer, ours, nowMs), sentAtMs: nowMs };
  return { key: `answered:${message.id}:${print}`, entry };
}

function textOf({ content_type: type, content_attributes: given }: MessagePayload): string | null {
  if (given.submitted_email) return given.submitted_email;
  const parsed = Chosen.safeParse(given.submitted_values);
  if (!parsed.success) return null;
  const isForm = type === 'form';
  return parsed.data
    .map(({ title, name, value }) => {
      const said = asText(value);
      return isForm ? `${name ?? title ?? ''}: ${said}` : (title ?? said);
    })
    .join(isForm ? '\n' : ', ');
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join(', ');
  if (typeof value === 'object' && value !== null) return 'title' in value ? asText(value.title) : '';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
