// The Transcriber port behind any OpenAI-compatible endpoint. The file is named by what its bytes are, because endpoints
// choose their decoder by the name.
import type OpenAI from 'openai';
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import type { MediaFile } from '../../core/ports/media-download.ts';
import type { Heard, Transcriber } from '../../core/ports/transcriber.ts';
import { askEndpoint, endpointClient } from './endpoint.ts';
import type { ModelAtEndpoint } from './endpoint.ts';

const endings: Record<string, string> = {
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/wav': 'wav',
  'audio/webm': 'webm',
  'audio/flac': 'flac',
};

const count = z.number().int().nonnegative().nullish().catch(null);

/** Some models count seconds instead of tokens, and local servers count nothing. */
const Answer = z.object({
  text: z.string(),
  usage: z.object({ input_tokens: count, output_tokens: count }).nullish().catch(null),
});

export class OpenAiTranscriber implements Transcriber {
  readonly model: string;
  readonly #client: OpenAI;
  readonly #timeoutMs: number;

  constructor(endpoint: ModelAtEndpoint) {
    this.model = endpoint.model;
    this.#timeoutMs = endpoint.timeoutMs;
    this.#client = endpointClient(endpoint);
  }

  async transcribe({ bytes, type }: MediaFile, language: string, signal: AbortSignal): Promise<Heard> {
    const file = new File([Buffer.from(bytes)], `voice.${endings[type] ?? 'ogg'}`, { type });
    const answer: unknown = await askEndpoint(signal, this.#timeoutMs, (bounded) =>
      this.#client.audio.transcriptions.create(
        { file, model: this.model, language, response_format: 'json' },
        { signal: bounded },
      ),
    );
    const read = Answer.safeParse(answer);
    if (!read.success) throw new BridgeError('model_misbehaved', 'The endpoint answered no transcript');
    const { text, usage } = read.data;
    return { text, usage: { inputTokens: usage?.input_tokens ?? 0, outputTokens: usage?.output_tokens ?? 0 } };
  }
}
