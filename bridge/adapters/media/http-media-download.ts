// The MediaDownload port over HTTP. The link is Chatwoot's and leads on to its storage, but it came in a message, so every
// hop is judged: public addresses only, save the tenant's own Chatwoot and the storage it names.
import { setTimeout as wait } from 'node:timers/promises';
import { fetch } from 'undici';
import type { Response } from 'undici';
import { BridgeError } from '../../core/errors.ts';
import type { MediaDownload, MediaFile } from '../../core/ports/media-download.ts';
import { anyAgent, isLiteralInside, publicAgent, RefusedAddress } from './guarded-agent.ts';
import { sniffType } from './sniff-type.ts';

/** The event leaves before the file is stored, so a file that is not there may come: 404 alone is asked again. */
const missingWaitsMs = [250, 750, 1_500];
const mostRedirects = 3;

export class HttpMediaDownload implements MediaDownload {
  readonly #trusted: ReadonlySet<string>;

  /** `trustedUrls`: whose origins may be private, because the tenant's own settings name them. */
  constructor(trustedUrls: readonly string[]) {
    this.#trusted = new Set(trustedUrls.map((url) => new URL(url).origin));
  }

  async fetch(url: string, maxBytes: number, signal: AbortSignal): Promise<MediaFile> {
    const response = await this.#whenStored(url, signal);
    const bytes = await readAtMost(response, maxBytes);
    return { bytes, type: sniffType(bytes) };
  }

  async #whenStored(url: string, signal: AbortSignal): Promise<Response> {
    for (const waitMs of missingWaitsMs) {
      const response = await this.#follow(url, signal);
      if (response.status !== 404) return answered(response);
      await discard(response);
      await wait(waitMs, undefined, { signal }).catch((cause: unknown) => {
        throw unanswered(cause);
      });
    }
    return answered(await this.#follow(url, signal));
  }

  async #follow(from: string, signal: AbortSignal): Promise<Response> {
    let url = toUrl(from);
    for (let hop = 0; hop <= mostRedirects; hop++) {
      const response = await this.#get(url, signal);
      const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
      if (location === null) return response;
      await discard(response);
      url = toUrl(location, url);
    }
    throw new BridgeError('upstream_rejected', `The file is behind more than ${mostRedirects} redirects`);
  }

  async #get(url: URL, signal: AbortSignal): Promise<Response> {
    const isTrusted = this.#trusted.has(url.origin);
    if (!isTrusted && isLiteralInside(url)) throw refused();
    try {
      return await fetch(url, { redirect: 'manual', signal, dispatcher: isTrusted ? anyAgent : publicAgent });
    } catch (error) {
      throw isRefusal(error) ? refused() : unanswered(error);
    }
  }
}

function toUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : null;
  // Names and passwords in a link are for nobody, and other schemes lead off the network.
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') throw refused();
  return url;
}

function isRefusal(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return error instanceof RefusedAddress || cause instanceof RefusedAddress;
}

function refused(): BridgeError {
  return new BridgeError('forbidden', 'The file lies at an address that is not public');
}

function unanswered(cause: unknown): BridgeError {
  return new BridgeError('upstream_unavailable', 'The file could not be fetched', { cause });
}

async function answered(response: Response): Promise<Response> {
  if (response.ok) return response;
  await discard(response);
  const isLater = response.status === 429 || response.status >= 500;
  throw new BridgeError(
    isLater ? 'upstream_unavailable' : 'upstream_rejected',
    `The file's server answered ${response.status}`,
  );
}

/** The announced length is believed when it is too much; the bytes themselves are counted, after any unpacking. */
async function readAtMost(response: Response, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new BridgeError('too_large', `The file has more than ${maxBytes} bytes`);
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await discard(response);
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      const bytes = chunk as Uint8Array;
      size += bytes.length;
      // Leaving the loop ends the stream.
      if (size > maxBytes) throw tooLarge();
      chunks.push(bytes);
    }
  } catch (error) {
    throw error instanceof BridgeError ? error : unanswered(error);
  }
  return Buffer.concat(chunks);
}

/** An answer that nobody reads would hold its connection. */
async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}
