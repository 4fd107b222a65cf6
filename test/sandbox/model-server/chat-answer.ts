// A chat completion in the endpoint's shape, from the few things a script or a rule decides.
import { randomUUID } from 'node:crypto';
import { type ChatRequest, textOf } from './chat-request.ts';

export interface ToolCallAnswer {
  name: string;
  /** An object is written as JSON; a text is passed on as it is, broken or not. */
  arguments: Record<string, unknown> | string;
}

export interface ModelAnswer {
  text?: string | null | undefined;
  toolCalls?: ToolCallAnswer[] | undefined;
  refusal?: string | undefined;
  finishReason?: 'stop' | 'length' | 'tool_calls' | 'content_filter' | undefined;
  usage?: { prompt_tokens: number; completion_tokens: number } | undefined;
}

export function chatCompletion(request: ChatRequest, answer: ModelAnswer) {
  const toolCalls = (answer.toolCalls ?? []).map((call) => ({
    id: `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`,
    type: 'function',
    function: {
      name: call.name,
      arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
    },
  }));
  return {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: answer.text ?? null,
          refusal: answer.refusal ?? null,
          ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
        },
        logprobs: null,
        finish_reason: answer.finishReason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop'),
      },
    ],
    usage: usageOf(request, answer),
  };
}

/** About four characters a token, unless the script says otherwise. */
function usageOf(request: ChatRequest, answer: ModelAnswer) {
  const promptTokens =
    answer.usage?.prompt_tokens ??
    countTokens(request.messages.map(textOf).join('\n') + JSON.stringify(request.tools ?? []));
  const completionTokens =
    answer.usage?.completion_tokens ?? countTokens((answer.text ?? '') + JSON.stringify(answer.toolCalls ?? ''));
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: 0 },
  };
}

export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
