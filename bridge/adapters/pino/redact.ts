// What may leave as a log field. Names decide, at any depth: secrets, and words or identities of customers. Texts are
// additionally cleaned of things that are secret wherever they stand (bearer tokens, URL tokens, model keys).
import { BridgeError } from '../../core/errors.ts';

export const hidden = '[hidden]';
const maxDepth = 6;
const maxItems = 50;

/** Ends of field names (in snake case) whose value is a secret. Yes and no pass. */
const secretEnding =
  /(^|_)(tokens?|secrets?|passwords?|passphrase|api_key|access_key|master_key|private_key|keys|authorization|cookies?|signature|credentials?|headers)$/;

/** Field names that hold a customer's words or identity. */
const personal = new Set([
  'text',
  'texts',
  'content',
  'body',
  'transcript',
  'draft',
  'reply',
  'note',
  'history',
  'messages',
  'prompt',
  'completion',
  'phone',
  'phone_number',
  'email',
  'contact',
  'contact_name',
  'customer_name',
  'identifier',
  'source_id',
  'address',
  'arguments',
  'arguments_json',
  'raw',
]);

/** Of numbers only these are hidden; `tokens: 12` or `messages: 3` are counts. */
const identities = /phone|identifier|source_id/;

const secretTexts: [RegExp, string][] = [
  // What another system said, quoted by its adapter for the person who asked: it may repeat a customer.
  [/«[^»]*»?/g, hidden],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${hidden}`],
  [/(\/webhooks\/chatwoot\/[^/\s?#]+\/t\/)[^/\s?#]+/gi, `$1${hidden}`],
  [/\b(sk|ui)[-_][\w-]{12,}/g, hidden],
  [/([?&](?:api_access_token|token|key|secret)=)[^&\s#]+/gi, `$1${hidden}`],
  [/(:\/\/)[^/@\s]+:[^/@\s]+@/g, `$1${hidden}@`],
];

/** A copy of the fields that may be written. */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactMap(fields, 0);
}

/** A text without the secrets that are recognisable by their form. */
export function redactText(text: string): string {
  return secretTexts.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

function redactMap(map: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, redactOne(name, value, depth)]));
}

function redactOne(name: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  const plainName = snakeCase(name);
  if (typeof value === 'number') return identities.test(plainName) ? hidden : value;
  if (personal.has(plainName) || secretEnding.test(plainName)) return hidden;
  return redactValue(value, depth);
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  if (value instanceof Error) return describeError(value);
  if (depth >= maxDepth) return '[deep]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) return redactMap(Object.fromEntries(value as Map<string, unknown>), depth + 1);
  const items: unknown = value instanceof Set ? Array.from(value as Set<unknown>) : value;
  if (Array.isArray(items)) return items.slice(0, maxItems).map((item) => redactValue(item, depth + 1));
  return redactMap(value, depth + 1);
}

/**
 * Code, message and stack. Of a cause only its name and code: causes are errors of other systems' clients, and those
 * carry what the other system answered.
 */
function describeError(error: Error): Record<string, unknown> {
  const code = error instanceof BridgeError ? error.code : codeField(error);
  const problems = error instanceof BridgeError && error.problems.length > 0 ? { problems: error.problems } : {};
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...problems,
    ...(error.cause instanceof Error ? { cause: { name: error.cause.name, code: codeField(error.cause) } } : {}),
  };
}

function codeField(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[-.\s]/g, '_')
    .toLowerCase();
}
