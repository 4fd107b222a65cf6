// A language model behind any OpenAI-compatible endpoint. Compatible is a wide word: the request is made of what every
// endpoint knows, and what one refuses is learned. Trying again is the guards' business, not this file's.
import { APIError } from 'openai';
import type OpenAI from 'openai';
import { BridgeError } from '../../core/errors.ts';
import type { ChatModel, ModelMessage, ModelRequest, ModelStep, ToolSpec } from '../../core/ports/chat-model.ts';
import { readCompletion } from './completion.ts';
import { EndpointHabits } from './endpoint-habits.ts';
import type { LengthField } from './endpoint-habits.ts';
import { askEndpoint, endpointClient } from './endpoint.ts';
import { oneSystemMessage } from './one-system-message.ts';

export interface ChatEndpoint {
  baseUrl: string | null;
  apiKey: string;
  model: string;
  /** Bounds one call, its answer's body included. */
  timeoutMs: number;
  /** Shared by all models that are made for the same endpoint, turn by turn. */
  habits?: EndpointHabits;
}

export class OpenAiChatModel implements ChatModel {
  readonly name: string;
  readonly #client: OpenAI;
  readonly #timeoutMs: number;
  readonly #baseUrl: string | null;
  readonly #habits: EndpointHabits;

  constructor(endpoint: ChatEndpoint) {
    this.name = endpoint.model;
    this.#timeoutMs = endpoint.timeoutMs;
    this.#baseUrl = endpoint.baseUrl;
    this.#habits = endpoint.habits ?? new EndpointHabits();
    this.#client = endpointClient(endpoint);
  }

  async next(request: ModelRequest, signal: AbortSignal): Promise<ModelStep> {
    const step = readCompletion(await this.#ask(request, signal));
    if (!step) throw new BridgeError('model_misbehaved', 'The model answered without a message');
    return step;
  }

  #ask(request: ModelRequest, signal: AbortSignal): Promise<unknown> {
    return askEndpoint(signal, this.#timeoutMs, (bounded) =>
      this.#askBy(this.#habits.lengthField(this.#baseUrl, this.name), request, bounded),
    );
  }

  /** A refusal of the limit's name is answered with the next name; any other is the caller's to hear. */
  async #askBy(field: LengthField, request: ModelRequest, signal: AbortSignal): Promise<unknown> {
    try {
      return await this.#client.chat.completions.create(this.#body(request, field), { signal });
    } catch (error) {
      const next = isAboutLength(error) ? this.#habits.refused(this.#baseUrl, this.name, field) : undefined;
      if (next === undefined) throw error;
      return this.#askBy(next, request, signal);
    }
  }

  #body(request: ModelRequest, field: LengthField): OpenAI.Chat.ChatCompletionCreateParamsNonStreaming {
    return {
      model: this.name,
      messages: oneSystemMessage(request.messages).map(toParam),
      ...(field === null ? {} : { [field]: request.maxOutputTokens }),
      ...(request.tools.length > 0 ? { tools: request.tools.map(toToolParam) } : {}),
    };
  }
}

/** The provider's own words are looked at for this alone, and go no further. */
function isAboutLength(error: unknown): boolean {
  if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422)) return false;
  return /max_(?:completion_)?tokens/.test(`${error.param ?? ''} ${error.message}`);
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
