// What was said in a voice note.
import type { MediaFile } from './media-download.ts';

export interface Heard {
  /** As it was heard; empty when nothing was said. */
  text: string;
  /** 0 when the endpoint does not tell. */
  usage: { inputTokens: number; outputTokens: number };
}

/** Rejects with `upstream_unavailable`, `upstream_rejected` or `model_misbehaved`. */
export interface Transcriber {
  readonly model: string;
  /** `language` in two letters is what is most likely spoken. Not repeated by the adapter. */
  transcribe(file: MediaFile, language: string, signal: AbortSignal): Promise<Heard>;
}
