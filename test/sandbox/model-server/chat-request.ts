// What a chat completion request may look like, as strict as the real endpoint where it matters for an agent loop:
// every tool call must be answered by a tool message with its id before anything else is said.
import { z } from 'zod';

const toolCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});
/** A picture is sent inside the request, so that nobody but the caller needs to reach the file. */
const dataUrl = z.string().regex(/^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+={0,2}$/, 'is no picture');
const part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image_url'), image_url: z.looseObject({ url: dataUrl }) }),
]);
const textOrParts = z.union([z.string(), z.array(part)]);

const chatMessage = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer', 'user']), content: textOrParts, name: z.string().optional() }),
  z.object({
    role: z.literal('assistant'),
    content: textOrParts.nullish(),
    tool_calls: z.array(toolCall).optional(),
    name: z.string().optional(),
  }),
  z.object({ role: z.literal('tool'), tool_call_id: z.string(), content: textOrParts }),
]);

export const chatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(chatMessage).min(1),
  tools: z
    .array(
      z.object({
        type: z.literal('function'),
        function: z.looseObject({
          name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
          description: z.string().optional(),
          parameters: z.record(z.string(), z.unknown()).optional(),
        }),
      }),
    )
    .optional(),
  stream: z.literal(false).nullish(),
  response_format: z.looseObject({ type: z.string() }).optional(),
});

export type ChatRequest = z.output<typeof chatRequest>;
export type ChatMessage = ChatRequest['messages'][number];

/** @returns what the real endpoint would complain about, or null */
export function orderProblem(messages: readonly ChatMessage[]): string | null {
  let awaited = new Set<string>();
  for (const message of messages) {
    if (message.role === 'tool') {
      if (!awaited.delete(message.tool_call_id)) return `tool message answers no tool call: ${message.tool_call_id}`;
      continue;
    }
    if (awaited.size > 0) return `tool calls without an answer: ${[...awaited].join(', ')}`;
    awaited = new Set(message.role === 'assistant' ? (message.tool_calls ?? []).map((call) => call.id) : []);
  }
  return awaited.size > 0 ? `tool calls without an answer: ${[...awaited].join(', ')}` : null;
}

export function textOf(message: ChatMessage | undefined): string {
  const content = message?.content;
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return content;
  return content.map((each) => (each.type === 'text' ? each.text : '')).join('\n');
}

/** The pictures of a request, in order. */
export function picturesOf(request: ChatRequest): Buffer[] {
  return request.messages
    .flatMap(({ content }) => (Array.isArray(content) ? content : []))
    .flatMap((each) =>
      each.type === 'image_url' ? [Buffer.from(each.image_url.url.split(',')[1] ?? '', 'base64')] : [],
    );
}

export function toolNames(request: ChatRequest): string[] {
  return (request.tools ?? []).map((tool) => tool.function.name);
}
