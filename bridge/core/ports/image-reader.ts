// What a picture shows, in words.
import type { MediaFile } from './media-download.ts';

export interface Seen {
  text: string;
  usage: { inputTokens: number; outputTokens: number };
}

/** Rejects with `upstream_unavailable`, `upstream_rejected` or `model_misbehaved`. */
export interface ImageReader {
  readonly model: string;
  /** `language` in two letters is what to describe it in. Not repeated by the adapter. */
  describe(file: MediaFile, language: string, signal: AbortSignal): Promise<Seen>;
}
