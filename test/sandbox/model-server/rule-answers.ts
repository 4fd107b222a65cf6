// The free mode for demos and benchmarks: looks up the knowledge tool first, then answers from the tool's result, and fills a
// JSON schema when one is asked for. No intelligence, always the same for the same request.
import { type ChatMessage, type ChatRequest, textOf, toolNames } from './chat-request.ts';
import type { ModelAnswer } from './chat-answer.ts';
import { fillSchema } from './fill-schema.ts';

const NOTHING_FOUND = 'Não encontrei essa informação. Posso chamar uma pessoa da equipe para ajudar?';

export function ruleAnswer(request: ChatRequest): ModelAnswer {
  const question = lastQuestion(request.messages);
  const schema = wantedSchema(request);
  if (schema !== null) return { text: JSON.stringify(fillSchema(schema, question)) };
  const results = resultsSinceQuestion(request.messages);
  const searchTool = toolNames(request).find((name) => /search|knowledge|busca/i.test(name));
  if (results.length === 0 && searchTool !== undefined) {
    return { toolCalls: [{ name: searchTool, arguments: { [queryKey(request, searchTool)]: question } }] };
  }
  return { text: results.length === 0 ? NOTHING_FOUND : answerFrom(results) };
}

function lastQuestion(messages: readonly ChatMessage[]): string {
  return textOf(messages.findLast((message) => message.role === 'user'));
}

function resultsSinceQuestion(messages: readonly ChatMessage[]): string[] {
  const start = messages.findLastIndex((message) => message.role === 'user');
  return messages.slice(start + 1).flatMap((message) => (message.role === 'tool' ? [textOf(message)] : []));
}

function wantedSchema(request: ChatRequest): Record<string, unknown> | null {
  const format = request.response_format;
  if (format?.type !== 'json_schema') return null;
  const named = format['json_schema'];
  const schema = typeof named === 'object' && named !== null && 'schema' in named ? named.schema : null;
  return typeof schema === 'object' && schema !== null ? { ...schema } : null;
}

/** The tool's first text parameter: `query` in most, but not a name to rely on. */
function queryKey(request: ChatRequest, toolName: string): string {
  const parameters = request.tools?.find((tool) => tool.function.name === toolName)?.function.parameters;
  const properties = parameters?.['properties'];
  if (typeof properties !== 'object' || properties === null) return 'query';
  const entries = Object.entries(properties as Record<string, { type?: unknown }>);
  return entries.find(([, schema]) => schema.type === 'string')?.[0] ?? 'query';
}

/** The first text worth saying inside the tool result, JSON or not. */
function answerFrom(results: readonly string[]): string {
  for (const result of results) {
    const text = firstText(parse(result));
    if (text !== null) return text;
  }
  return NOTHING_FOUND;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const TELLING_KEYS = ['body', 'excerpt', 'text', 'content', 'answer', 'hits', 'results', 'documents', 'result'];

function firstText(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
  if (Array.isArray(value)) return value.length === 0 ? null : firstText(value[0]);
  if (typeof value !== 'object' || value === null) return null;
  for (const key of TELLING_KEYS) {
    const found = firstText((value as Record<string, unknown>)[key]);
    if (found !== null) return found;
  }
  return null;
}
