// A language model behind any OpenAI-compatible endpoint. Timeouts and retries are always set (the package's defaults are
// ten minutes and two retries), and whatever is not an answer becomes one of three codes.
import OpenAI, { APIConnectionError, APIError } from 'openai';
import { BridgeError } from '../../core/errors.ts';
import type { ChatModel, ModelMessage, ModelRequest, ModelStep, ToolSpec } from '../../core/ports/chat-model.ts';
import { readCompletion } from './completion.ts';

export interface ChatEndpoint {
  baseUrl: string | null;
  apiKey: string;
  model: string;
  /** Bounds one call, its answer's body included. */
  timeoutMs: number;
}

const openAiUrl = 'https://api.openai.com/v1';

export class OpenAiChatModel implements ChatModel {
  readonly name: string;
  readonly #client: OpenAI;
  readonly #timeoutMs: number;

  constructor(endpoint: ChatEndpoint) {
    this.name = endpoint.model;
    this.#timeoutMs = endpoint.timeoutMs;
    this.#client = new OpenAI({
      apiKey: endpoint.apiKey,
      // All said here, or the package takes it from the environment: one tenant's key must not go to another's address.
      baseURL: endpoint.baseUrl ?? openAiUrl,
      organization: null,
      project: null,
      logLevel: 'off',
      timeout: endpoint.timeoutMs,
      maxRetries: 0,
    });
  }

  async next(request: ModelRequest, signal: AbortSignal): Promise<ModelStep> {
    const step = readCompletion(await this.#ask(request, signal));
    if (!step) throw new BridgeError('model_misbehaved', 'The model answered without a message');
    return step;
  }

  async #ask(request: ModelRequest, signal: AbortSignal): Promise<unknown> {
    // The package's own timeout ends with the headers; a body that stalls would go on for ever.
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]);
    try {
      return await this.#client.chat.completions.create(
        {
          model: this.name,
          messages: request.messages.map(toParam),
          max_completion_tokens: request.maxOutputTokens,
          ...(request.tools.length > 0 ? { tools: request.tools.map(toToolParam) } : {}),
        },
        { signal: bounded },
      );
    } catch (error) {
      throw bounded.aborted ? unanswered(error) : asBridgeError(error);
    }
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

/** The package leaves the type of its headers open. */
function headerOf(error: { headers?: unknown }, name: string): string | null {
  return error.headers instanceof Headers ? error.headers.get(name) : null;
}

/** Provider texts may quote the customer, so only the status is passed on. */
function asBridgeError(error: unknown): unknown {
  if (error instanceof APIConnectionError || isBrokenTransfer(error)) return unanswered(error);
  if (error instanceof APIError) {
    const status = Number(error.status ?? 0);
    const seconds = Number(headerOf(error, 'retry-after') ?? 0);
    const retry = seconds > 0 ? { retryAfterMs: seconds * 1000 } : {};
    const later = status === 429 || status >= 500;
    return new BridgeError(
      later ? 'upstream_unavailable' : 'upstream_rejected',
      `The model endpoint answered ${status}`,
      retry,
    );
  }
  return error instanceof SyntaxError
    ? new BridgeError('model_misbehaved', 'The model endpoint answered no JSON', { cause: error })
    : error;
}

function unanswered(cause: unknown): BridgeError {
  return new BridgeError('upstream_unavailable', 'The model endpoint did not answer', { cause });
}

/** A connection that ends inside the body is the platform's error, not the package's. */
function isBrokenTransfer(error: unknown): boolean {
  return error instanceof TypeError && /terminated|fetch failed/.test(error.message);
}
