// One call to a model that somebody pays for, and what such calls add up to in tokens.
export interface PaidCall {
  purpose: 'chat' | 'embedding' | 'media';
  model: string;
  inputTokens: number;
  outputTokens: number;
}

export interface Tokens {
  model_calls: number;
  input_tokens: number;
  output_tokens: number;
  embedding_tokens: number;
}

/** Model calls are those that write an answer; tokens of voice notes and pictures are input and output like theirs. */
export function tokensOf(calls: readonly PaidCall[]): Tokens {
  const asked = calls.filter(({ purpose }) => purpose !== 'embedding');
  const embedded = calls.filter(({ purpose }) => purpose === 'embedding');
  return {
    model_calls: calls.filter(({ purpose }) => purpose === 'chat').length,
    input_tokens: sum(asked, ({ inputTokens }) => inputTokens),
    output_tokens: sum(asked, ({ outputTokens }) => outputTokens),
    embedding_tokens: sum(embedded, ({ inputTokens }) => inputTokens),
  };
}

function sum(calls: readonly PaidCall[], amount: (call: PaidCall) => number): number {
  return calls.reduce((total, call) => total + amount(call), 0);
}
