// One question to a language model.
export interface ToolSpec {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>;
}

export interface ToolCall {
  id: string;
  name: string;
  argumentsJson: string;
}

export type ModelMessage =
  | { role: 'system' | 'user'; text: string }
  | { role: 'assistant'; text: string; toolCalls: ToolCall[] }
  | { role: 'tool'; callId: string; text: string };

export interface ModelRequest {
  messages: ModelMessage[];
  tools: ToolSpec[];
  maxOutputTokens: number;
}

export interface ModelStep {
  text: string;
  toolCalls: ToolCall[];
  usage: { inputTokens: number; outputTokens: number };
}

/** One question to a language model. Rejects with `upstream_unavailable`, `upstream_rejected` or `model_misbehaved`. */
export interface ChatModel {
  readonly name: string;
  next(request: ModelRequest, signal: AbortSignal): Promise<ModelStep>;
}
