// A customer's file, fetched from where the other side keeps it.

export interface MediaFile {
  bytes: Uint8Array;
  /** Told by the first bytes and never by a name or a header, for example `audio/ogg`; empty when they tell nothing. */
  type: string;
}

export interface MediaDownload {
  /**
   * Rejects with `forbidden` (the address leads to where no customer's file may lie), `too_large`, `upstream_rejected`
   * (not there, also after a moment) or `upstream_unavailable`. Nothing beyond `maxBytes` is kept or read.
   */
  fetch(url: string, maxBytes: number, signal: AbortSignal): Promise<MediaFile>;
}
