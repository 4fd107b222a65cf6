// What we say, in the body Chatwoot wants: plain text, choices, files or a template, each with our tag. Every one is a
// single message, because what is stored by one request is proved by one id.
import { Blob } from 'node:buffer';
import { FormData } from 'undici';
import { BridgeError } from '../../core/errors.ts';
import type { OutgoingPart, OutgoingTemplate } from '../../core/ports/conversations.ts';

/** Chatwoot means to take no more, and forgets to refuse them. */
const filesAtMost = 15;

/** JSON, or a form when there are files. */
export function bodyOfPart(part: OutgoingPart): unknown {
  const { text, turnId, part: number, choices = [], files = [] } = part;
  const tag = { ui_turn: turnId, ui_part: number };
  if (files.length > 0) return formOf(part, tag);
  const titles = choices.map((choice) => choice.trim()).filter((choice) => choice !== '');
  if (titles.length === 0) return { content: text, message_type: 'outgoing', content_attributes: tag };
  // What is pressed comes back as its title on most channels, so title and value must be one.
  const items = titles.map((title) => ({ title, value: title }));
  return {
    content: text,
    message_type: 'outgoing',
    content_type: 'input_select',
    content_attributes: { ...tag, items },
  };
}

/** `isFlat`: Twilio wants the values beside each other, all others in a body. */
export function bodyOfTemplate(template: OutgoingTemplate, isFlat: boolean): unknown {
  const { name, language, category, values, text, turnId, part } = template;
  const numbered = Object.fromEntries(values.map((value, index) => [String(index + 1), value]));
  return {
    content: text,
    message_type: 'outgoing',
    content_attributes: { ui_turn: turnId, ui_part: part },
    template_params: {
      name,
      language,
      ...(category === undefined ? {} : { category }),
      processed_params: isFlat ? numbered : { body: numbered },
    },
  };
}

function formOf({ text, files = [] }: OutgoingPart, tag: object): FormData {
  if (files.length > filesAtMost) {
    throw new BridgeError('bad_request', `A message takes ${filesAtMost} files, not ${files.length}`);
  }
  const form = new FormData();
  if (text !== '') form.set('content', text);
  form.set('message_type', 'outgoing');
  form.set('content_attributes', JSON.stringify(tag));
  for (const { name, contentType, bytes } of files) {
    form.append('attachments[]', new Blob([bytes], { type: contentType }), name);
  }
  return form;
}
