// One file of a customer: fetched, told by its bytes, and turned into words within its time. Whatever goes wrong, the
// answer is a reason and never a failure of the turn; only losing the conversation ends it.
import type { PaidCall } from '../cost/paid-call.ts';
import { codeOf } from '../errors.ts';
import type { Language } from '../language.ts';
import { withoutSilenceCredits } from '../media/silence-credits.ts';
import type { Attachment, UnreadReason } from '../message.ts';
import type { MediaFile } from '../ports/media-download.ts';
import type { Logger } from '../ports/logger.ts';
import type { Pass } from './pass.ts';
import type { MediaReaders } from './tenant-clients.ts';

export interface FileReading {
  file: Attachment;
  words: { transcript?: string; description?: string; unread?: UnreadReason };
  /** What a provider was paid for; null when none was asked. */
  paid: PaidCall | null;
}

/** From the first byte to the last word; a customer who spoke waits no longer for that. */
const budgetsMs = { audio: 6_000, image: 20_000 };
/** An endpoint that is busy often is not half a second later. */
const secondTryAfterMs = 500;
const transcriptCharacters = 4_000;
const descriptionCharacters = 1_000;

/** What the endpoints take; the rest would be refused there. */
const readable = {
  audio: new Set(['audio/ogg', 'audio/mpeg', 'audio/mp4', 'audio/wav', 'audio/webm', 'audio/flac']),
  image: new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']),
};

interface Task {
  logger: Logger;
  pass: Pass;
  readers: MediaReaders;
  file: Attachment;
  language: Language;
  signal: AbortSignal;
}

export async function readFile(task: Omit<Task, 'signal'>): Promise<FileReading> {
  const { logger, pass, file } = task;
  const kind = file.kind === 'audio' ? 'audio' : 'image';
  const signal = AbortSignal.any([pass.signal, AbortSignal.timeout(budgetsMs[kind])]);
  const reading = await task.readers.places.run(pass.tenant.accountId, () => toWords({ ...task, signal }, kind));
  // Without the lock nothing may be written, and somebody else reads it now.
  pass.signal.throwIfAborted();
  const { unread = null } = reading.words;
  if (unread) logger.info({ ...pass.conversation, kind, unread }, 'media.unread');
  return reading;
}

async function toWords(task: Task, kind: 'audio' | 'image'): Promise<FileReading> {
  const fetched = await fetchFile(task);
  if (typeof fetched === 'string') return unread(task, fetched);
  if (!readable[kind].has(fetched.type)) return unread(task, 'wrong_type');
  return kind === 'audio' ? hear(task, fetched) : see(task, fetched);
}

async function fetchFile({ pass, readers, file, signal }: Task): Promise<MediaFile | UnreadReason> {
  const maxBytes = pass.tenant.config.media.max_mb * 1024 * 1024;
  if ((file.sizeBytes ?? 0) > maxBytes) return 'too_large';
  if (file.url === null) return 'not_downloaded';
  try {
    return await readers.download.fetch(file.url, maxBytes, signal);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'too_large') return 'too_large';
    return code === 'forbidden' ? 'refused_address' : 'not_downloaded';
  }
}

async function hear(task: Task, fetched: MediaFile): Promise<FileReading> {
  const { transcriber } = task.readers;
  if (!transcriber) return unread(task, 'not_read');
  const heard = await twice(task, () => transcriber.transcribe(fetched, task.language, task.signal));
  if (!heard) return unread(task, 'not_read');
  const transcript = cut(withoutSilenceCredits(heard.text), transcriptCharacters);
  const words = transcript === '' ? { unread: 'nothing_in_it' as const } : { transcript };
  return { file: task.file, words, paid: { purpose: 'media', model: transcriber.model, ...heard.usage } };
}

async function see(task: Task, fetched: MediaFile): Promise<FileReading> {
  const { images } = task.readers;
  if (!images) return unread(task, 'not_read');
  const seen = await twice(task, () => images.describe(fetched, task.language, task.signal));
  if (!seen) return unread(task, 'not_read');
  const description = cut(seen.text.replace(/\s+/g, ' ').trim(), descriptionCharacters);
  const words = description === '' ? { unread: 'not_read' as const } : { description };
  return { file: task.file, words, paid: { purpose: 'media', model: images.model, ...seen.usage } };
}

function unread({ file }: Task, reason: UnreadReason): FileReading {
  return { file, words: { unread: reason }, paid: null };
}

/** Null when it did not work either time, or a second time would come too late. */
async function twice<T>({ logger, pass, signal }: Task, ask: () => Promise<T>): Promise<T | null> {
  for (const isLast of [false, true]) {
    try {
      return await ask();
    } catch (error) {
      const code = codeOf(error);
      const willRetry = !isLast && code === 'upstream_unavailable' && !signal.aborted;
      logger.info({ ...pass.conversation, code, will_retry: willRetry }, 'media.provider_failed');
      if (!willRetry) return null;
      await new Promise((resolve) => setTimeout(resolve, secondTryAfterMs));
    }
  }
  return null;
}

/** Never between the two halves of a character. */
function cut(text: string, characters: number): string {
  return text.slice(0, characters).replace(/[\uD800-\uDBFF]$/, '');
}
