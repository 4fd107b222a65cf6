// What an OpenAI-compatible endpoint really answers. Compatible is a wide word: types are missing, arguments come as
// objects, content as a list, usage not at all. What cannot be read as an answer is none.
import { z } from 'zod';
import type { ModelStep, ToolCall } from '../../core/ports/chat-model.ts';

const count = z.number().int().nonnegative().nullish().catch(null);
const text = z.string().nullish().catch(null);

const toolCall = z.object({
  id: text,
  function: z.object({ name: z.string(), arguments: z.unknown().optional() }),
});

const contentPart = z.object({ text }).catch({ text: null });

const Completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z
            .union([z.string(), z.array(contentPart)])
            .nullish()
            .catch(null),
          tool_calls: z.array(toolCall).nullish(),
        }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish().catch(null),
});

/** Null when it is no completion. */
export function readCompletion(answer: unknown): ModelStep | null {
  const parsed = Completion.safeParse(answer);
  const message = parsed.data?.choices[0]?.message;
  if (!message) return null;
  const { usage } = parsed.data ?? {};
  return {
    text: contentOf(message.content),
    toolCalls: (message.tool_calls ?? []).map(toToolCall),
    usage: { inputTokens: usage?.prompt_tokens ?? 0, outputTokens: usage?.completion_tokens ?? 0 },
  };
}

function contentOf(content: string | { text?: string | null | undefined }[] | null | undefined): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text ?? '').join('');
}

/** Some endpoints give calls no id; their place in the answer is one. */
function toToolCall(call: z.infer<typeof toolCall>, index: number): ToolCall {
  const { name, arguments: given } = call.function;
  const argumentsJson = typeof given === 'string' ? given : given === undefined ? '' : JSON.stringify(given);
  return { id: call.id ?? `call_${index}`, name, argumentsJson };
}
