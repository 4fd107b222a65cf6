// One chat completion of any OpenAI-compatible endpoint. Compatible is a wide word: the request is made of what every
// endpoint knows, and what one refuses is learned. Trying again is the guards' business, not this file's.
import { APIError } from 'openai';
import type OpenAI from 'openai';
import type { EndpointHabits, LengthField } from './endpoint-habits.ts';
import { askEndpoint, endpointClient } from './endpoint.ts';
import type { ModelAtEndpoint } from './endpoint.ts';

export interface ChatEndpoint extends ModelAtEndpoint {
  /** Shared by all models that are made for the same endpoint, turn by turn. */
  habits: EndpointHabits;
}

export interface CompletionRequest {
  messages: OpenAI.Chat.ChatCompletionMessageParam[];
  tools?: OpenAI.Chat.ChatCompletionTool[];
  maxOutputTokens: number;
}

/** Returns the answer's body as it came; what it holds is for the reader of completions to say. */
export type AskCompletion = (request: CompletionRequest, signal: AbortSignal) => Promise<unknown>;

export function completionsOf(endpoint: ChatEndpoint): AskCompletion {
  const { baseUrl, model, timeoutMs, habits } = endpoint;
  const client = endpointClient(endpoint);

  /** A refusal of the limit's name is answered with the next name; any other is the caller's to hear. */
  async function askBy(field: LengthField, request: CompletionRequest, signal: AbortSignal): Promise<unknown> {
    try {
      return await client.chat.completions.create(bodyOf(model, field, request), { signal });
    } catch (error) {
      const next = isAboutLength(error) ? habits.refused(baseUrl, model, field) : undefined;
      if (next === undefined) throw error;
      return askBy(next, request, signal);
    }
  }

  return (request, signal) =>
    askEndpoint(signal, timeoutMs, (bounded) => askBy(habits.lengthField(baseUrl, model), request, bounded));
}

function bodyOf(
  model: string,
  field: LengthField,
  { messages, tools = [], maxOutputTokens }: CompletionRequest,
): OpenAI.Chat.ChatCompletionCreateParamsNonStreaming {
  return {
    model,
    messages,
    ...(field === null ? {} : { [field]: maxOutputTokens }),
    ...(tools.length > 0 ? { tools } : {}),
  };
}

/** The provider's own words are looked at for this alone, and go no further. */
function isAboutLength(error: unknown): boolean {
  if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422)) return false;
  return /max_(?:completion_)?tokens/.test(`${error.param ?? ''} ${error.message}`);
}
