// A language model behind any OpenAI-compatible endpoint. Timeouts and retries are always set (the package's defaults are
// ten minutes and two retries), and whatever is not an answer becomes one of three codes.
import type OpenAI from 'openai';
import { BridgeError } from '../../core/errors.ts';
import type { ChatModel, ModelMessage, ModelRequest, ModelStep, ToolSpec } from '../../core/ports/chat-model.ts';
import { readCompletion } from './completion.ts';
import { askEndpoint, endpointClient } from './endpoint.ts';

export interface ChatEndpoint {
  baseUrl: string | null;
  apiKey: string;
  model: string;
  /** Bounds one call, its answer's body included. */
  timeoutMs: number;
}

export class OpenAiChatModel implements ChatModel {
  readonly name: string;
  readonly #client: OpenAI;
  readonly #timeoutMs: number;

  constructor(endpoint: ChatEndpoint) {
    this.name = endpoint.model;
    this.#timeoutMs = endpoint.timeoutMs;
    this.#client = endpointClient(endpoint);
  }

  async next(request: ModelRequest, signal: AbortSignal): Promise<ModelStep> {
    const step = readCompletion(await this.#ask(request, signal));
    if (!step) throw new BridgeError('model_misbehaved', 'The model answered without a message');
    return step;
  }

  #ask(request: ModelRequest, signal: AbortSignal): Promise<unknown> {
    return askEndpoint(signal, this.#timeoutMs, (bounded) =>
      this.#client.chat.completions.create(
        {
          model: this.name,
          messages: request.messages.map(toParam),
          max_completion_tokens: request.maxOutputTokens,
          ...(request.tools.length > 0 ? { tools: request.tools.map(toToolParam) } : {}),
        },
        { signal: bounded },
      ),
    );
  }
}

function toParam(message: ModelMessage): OpenAI.Chat.ChatCompletionMessageParam {
  switch (message.role) {
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId, content: message.text };
    case 'assistant':
      return {
        role: 'assistant',
        content: message.text,
        ...(message.toolCalls.length > 0
          ? {
              tool_calls: message.toolCalls.map((call) => ({
                id: call.id,
                type: 'function' as const,
                function: { name: call.name, arguments: call.argumentsJson },
              })),
            }
          : {}),
      };
    case 'system':
    case 'user':
      return { role: message.role, content: message.text };
  }
}

function toToolParam(tool: ToolSpec): OpenAI.Chat.ChatCompletionTool {
  return {
    type: 'function',
    function: { name: tool.name, description: tool.description, parameters: tool.parameters },
  };
}
