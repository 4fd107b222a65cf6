// Turns the body of "create a message" into a message, with Chatwoot's validations and its quiet losses: which content attributes
// survive, what happens to a quote of a foreign message, which items are refused.
import type { Conversation, JsonObject } from '../state/model.ts';
import type { NewAttachment } from '../transitions/store-message.ts';
import type { VersionFeatures } from '../versions.ts';
import { numberOf, objectOf, textOf } from './params.ts';
import { unprocessable } from './rest-error.ts';
import type { UploadedFile } from './route.ts';

const MAX_CONTENT_LENGTH = 150_000;
const CONTENT_TYPES = new Set([
  'text',
  'input_text',
  'input_textarea',
  'input_email',
  'input_select',
  'cards',
  'form',
  'article',
  'incoming_email',
  'input_csat',
  'integrations',
  'sticker',
  'voice_call',
]);
const ITEM_KEYS: Record<string, readonly string[]> = {
  input_select: ['title', 'value'],
  cards: ['title', 'description', 'media_url', 'actions'],
  form: ['type', 'placeholder', 'label', 'name', 'options', 'default', 'required', 'pattern', 'title', 'pattern_error'],
  article: ['title', 'description', 'link'],
};

export interface MessageDraft {
  content: string | null;
  contentType: string;
  contentAttributes: JsonObject;
  additionalAttributes: JsonObject;
  private: boolean;
  sourceId: string | null;
  attachments: NewAttachment[];
}

/** @throws RestError 422 `{error}`: message creation answers every problem that way */
export function draftMessage(
  features: VersionFeatures,
  conversation: Conversation,
  body: JsonObject,
  files: readonly UploadedFile[],
): MessageDraft {
  const content = textOf(body['content']);
  if (content !== null && content.length > MAX_CONTENT_LENGTH) {
    throw unprocessable('Validation failed: Content is too long (maximum is 150000 characters)');
  }
  const contentType = textOf(body['content_type']) ?? 'text';
  if (!CONTENT_TYPES.has(contentType)) throw unprocessable(`'${contentType}' is not a valid content_type`);
  const contentAttributes = keptAttributes(features, conversation, body['content_attributes']);
  checkItems(contentType, contentAttributes);
  return {
    content,
    contentType,
    contentAttributes,
    additionalAttributes: additionalAttributes(body),
    private: body['private'] === true || body['private'] === 'true',
    sourceId: textOf(body['source_id']),
    attachments: files.map(fileAttachment),
  };
}

/** Since 4.9 unknown keys are kept; before, only three are. `automation_rule_id` replaces everything beside it. */
function keptAttributes(features: VersionFeatures, conversation: Conversation, given: unknown): JsonObject {
  const attributes = objectOf(typeof given === 'string' ? parseObject(given) : given) ?? {};
  const ruleId = attributes['automation_rule_id'];
  if (ruleId !== undefined) return { automation_rule_id: ruleId };
  const known = features.keepsUnknownContentAttributes ? attributes : pick(attributes, ['items', 'in_reply_to']);
  return withQuote(conversation, known);
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function pick(attributes: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => keys.includes(key)));
}

/** A quote names a message of this conversation or turns into nulls, without an error. */
function withQuote(conversation: Conversation, attributes: JsonObject): JsonObject {
  const replyTo = attributes['in_reply_to'];
  const externalId = attributes['in_reply_to_external_id'];
  if (replyTo === undefined && externalId === undefined) return attributes;
  const quoted = conversation.messages.find(
    (message) => message.id === numberOf(replyTo) || (externalId !== undefined && message.sourceId === externalId),
  );
  return { ...attributes, in_reply_to: quoted?.id ?? null, in_reply_to_external_id: quoted?.sourceId ?? null };
}

function checkItems(contentType: string, attributes: JsonObject): void {
  const allowed = ITEM_KEYS[contentType];
  if (allowed === undefined) return;
  const items = attributes['items'];
  if (!Array.isArray(items) || items.length === 0) {
    throw unprocessable('Validation failed: Content attributes At least one item is required.');
  }
  for (const item of items) {
    const keys = Object.keys(objectOf(item) ?? {});
    const unknown = keys.filter((key) => !allowed.includes(key));
    if (unknown.length > 0) {
      throw unprocessable(
        `Validation failed: Content attributes contains invalid keys for items: ${unknown.join(', ')}`,
      );
    }
    if (contentType === 'cards' && !keys.includes('actions')) {
      throw unprocessable('Validation failed: Content attributes contains items missing actions');
    }
  }
}

function additionalAttributes(body: JsonObject): JsonObject {
  const template = body['template_params'];
  if (template !== undefined && template !== null) {
    const name = objectOf(template)?.['name'];
    if (typeof name !== 'string') {
      throw unprocessable('Validation failed: Additional attributes template_params must have a name');
    }
    return { template_params: template };
  }
  const campaignId = body['campaign_id'];
  return campaignId === undefined ? {} : { campaign_id: campaignId };
}

export function fileAttachment(file: UploadedFile): NewAttachment {
  const kind = file.contentType.split('/')[0] ?? '';
  const fileType = kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
  return { fileType, contentType: file.contentType, fileName: file.fileName, bytes: file.bytes };
}
