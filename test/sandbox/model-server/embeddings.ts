// Deterministic embeddings: words and letter triples hashed into a vector of length one, so that the same text always gives the
// same vector and texts with common words lie near each other.
import { z } from 'zod';
import { countTokens } from './chat-answer.ts';

export const embeddingsRequest = z.looseObject({
  model: z.string(),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2048)]),
  dimensions: z.number().int().positive().optional(),
  encoding_format: z.enum(['float', 'base64']).optional(),
});

export type EmbeddingsRequest = z.output<typeof embeddingsRequest>;

export function embeddingsAnswer(request: EmbeddingsRequest, defaultDimensions: number) {
  const inputs = typeof request.input === 'string' ? [request.input] : request.input;
  const dimensions = request.dimensions ?? defaultDimensions;
  const tokens = inputs.reduce((sum, text) => sum + countTokens(text), 0);
  return {
    object: 'list',
    data: inputs.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: encode(embed(text, dimensions), request.encoding_format),
    })),
    model: request.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

export function embed(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const feature of featuresOf(text)) {
    const hash = fnv1a(feature);
    const slot = (hash >>> 1) % dimensions;
    vector[slot] = (vector[slot] ?? 0) + (hash % 2 === 0 ? 1 : -1);
  }
  const length = Math.hypot(...vector);
  if (length > 0) vector.forEach((value, index) => (vector[index] = value / length));
  return vector;
}

/** A small fast hash: thousands of documents are embedded in one benchmark. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

function featuresOf(text: string): string[] {
  const folded = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const words = folded.match(/[\p{L}\p{N}]+/gu) ?? [folded];
  return words.flatMap((word) => [word, ...triplesOf(` ${word} `)]);
}

function triplesOf(word: string): string[] {
  return Array.from({ length: Math.max(0, word.length - 2) }, (_, start) => `#${word.slice(start, start + 3)}`);
}

function encode(vector: Float32Array, format: 'float' | 'base64' | undefined): number[] | string {
  return format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : Array.from(vector);
}
