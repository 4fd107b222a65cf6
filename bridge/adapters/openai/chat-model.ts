// The ChatModel port behind any OpenAI-compatible endpoint.
import type OpenAI from 'openai';
import { BridgeError } from '../../core/errors.ts';
import type { ChatModel, ModelMessage, ModelRequest, ModelStep, ToolSpec } from '../../core/ports/chat-model.ts';
import { completionsOf } from './ask-completion.ts';
import type { AskCompletion, ChatEndpoint } from './ask-completion.ts';
import { readCompletion } from './completion.ts';
import { oneSystemMessage } from './one-system-message.ts';

export class OpenAiChatModel implements ChatModel {
  readonly name: string;
  readonly #ask: AskCompletion;

  constructor(endpoint: ChatEndpoint) {
    this.name = endpoint.model;
    this.#ask = completionsOf(endpoint);
  }

  async next({ messages, tools, maxOutputTokens }: ModelRequest, signal: AbortSignal): Promise<ModelStep> {
    const request = {
      messages: oneSystemMessage(messages).map(toParam),
      tools: tools.map(toToolParam),
      maxOutputTokens,
    };
    const step = readCompletion(await this.#ask(request, signal));
    if (!step) throw new BridgeError('model_misbehaved', 'The model answered without a message');
    return step;
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
