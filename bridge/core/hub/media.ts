// Voice notes and pictures become words before the quiet time ends, once each: what was heard is written into the waiting
// mail, so that a turn that is done again pays for nothing twice, and the end of the burst is decided by what was said.
// Nothing of a customer reaches a provider that would not be answered anyway.
import { countCalls } from '../cost/count-calls.ts';
import { isWindowOpen, profileFor } from '../crew/channels/channel-profile.ts';
import { debounceOf } from '../intake/store-mail.ts';
import { quietTimeFor } from '../intake/quiet-period.ts';
import { languageOf } from '../language.ts';
import { hasFilesToRead, hasWords, isSameFile, isToBeRead } from '../media/readable-files.ts';
import type { Attachment, CustomerMessage } from '../message.ts';
import type { ConversationState } from '../ports/conversation-states.ts';
import type { Tenant } from '../tenant.ts';
import { modeOf, unlocksTest } from './inbox-mode.ts';
import { lookNow } from './look-now.ts';
import { burstOf, stateOf } from './pass.ts';
import type { Burst, HubDeps, Pass } from './pass.ts';
import { readFile } from './read-file.ts';
import type { FileReading } from './read-file.ts';
import { silenceBy } from './stay-quiet.ts';
import { gateFor } from './takeover.ts';
import type { MediaReaders } from './tenant-clients.ts';

/** Of one burst; those beyond are said to be unread. */
const filesAtMost = 8;

export interface HeardBurst {
  /** Null when all of it was taken back meanwhile. */
  burst: Burst | null;
  notBeforeMs: number;
}

export async function withFilesRead(deps: HubDeps, pass: Pass, burst: Burst, notBeforeMs: number): Promise<HeardBurst> {
  const readers = burst.messages.some(hasFilesToRead) ? (pass.clients.media ?? null) : null;
  if (!readers) return { burst, notBeforeMs };
  const state = await stateOf(deps, pass.conversation);
  const files = (await mayRead(deps, pass, state, burst)) ? filesToRead(burst.messages, pass.tenant, readers) : [];
  if (files.length === 0) return { burst, notBeforeMs };
  const language = languageOf(wordsBefore(state, burst), pass.tenant.config.language);
  const readings = await Promise.all(
    files.map(async (file, index): Promise<FileReading> => {
      if (index >= filesAtMost) return { file, words: { unread: 'too_many' }, paid: null };
      return readFile({ logger: deps.logger, pass, readers, file, language });
    }),
  );
  await count(deps, pass, readings);
  for (const [index, message] of burst.messages.entries()) {
    if (message.attachments.some(isToBeRead)) await keep(deps, pass, burst.keys[index], readings);
  }
  const content = await deps.mailbox.read(pass.conversation);
  const heard = burstOf(content.mail.filter(({ key }) => burst.keys.includes(key)));
  return { burst: heard, notBeforeMs: content.notBeforeMs };
}

/** Only where the assistant would answer: a person's conversation and a blocked customer are nobody's to listen to. */
async function mayRead(deps: HubDeps, pass: Pass, state: ConversationState, burst: Burst): Promise<boolean> {
  const mode = modeOf(pass.tenant, burst.last.inboxId);
  if (mode === null || burst.last.contact.blocked) return false;
  if (mode === 'observe') return true;
  const testUnlocked = state.testUnlocked || unlocksTest(burst.messages);
  if (mode === 'test' && !testUnlocked) return false;
  const seen = mode === 'test' ? { ...state, testUnlocked } : state;
  if (!gateFor(pass.tenant, seen, burst.last.conversation).speak) return false;
  const { channel, isRaw, sentAtMs } = burst.last;
  const isInTime = isWindowOpen(profileFor(channel, isRaw), sentAtMs, deps.clock.now());
  // What a delivery told may be from before a person came, or the window closed: then it is worth a look.
  return (seen.owner === 'assistant' && isInTime) || silenceBy(pass, seen, burst, await lookNow(deps, pass)) === null;
}

function filesToRead(
  messages: readonly CustomerMessage[],
  tenant: Tenant,
  { transcriber, images }: MediaReaders,
): Attachment[] {
  const { transcribe, describe_images: describes } = tenant.config.media;
  return messages
    .flatMap(({ attachments }) => attachments)
    .filter((file) => isToBeRead(file) && (file.kind === 'audio' ? transcriber && transcribe : images && describes));
}

function wordsBefore(state: ConversationState, burst: Burst): string {
  const before = state.window.findLast(({ from }) => from === 'customer')?.text ?? '';
  return [before, ...burst.messages.map(({ text }) => text)].join(' ');
}

/** Into the mail as it stands now: it may have been edited, or heard by the other side, while we listened. */
async function keep(deps: HubDeps, pass: Pass, key: string | undefined, readings: FileReading[]): Promise<void> {
  const { mail } = await deps.mailbox.read(pass.conversation);
  const stored = mail.find((candidate) => candidate.key === key);
  if (stored?.entry.kind !== 'customer_message') return;
  const standing = stored.entry;
  const attachments = standing.attachments.map((file) => {
    const reading = readings.find((candidate) => isSameFile(candidate.file, file));
    return reading && isToBeRead(file) ? { ...file, ...reading.words } : file;
  });
  const entry = { ...standing, attachments };
  const isHeard = attachments.some((file, index) => {
    const before = standing.attachments[index];
    return hasWords(file) && before !== undefined && !hasWords(before);
  });
  // A voice note that was heard need not be waited for any more: its words say whether more will follow.
  const quiet = isHeard ? quietTimeFor(entry, debounceOf(pass.tenant, entry.channel)) : null;
  await deps.mailbox.amend({ conversation: pass.conversation, key: stored.key, entry, quiet, fromMs: null });
}

/** Paid when it is read, whether or not a turn comes of it. */
async function count(deps: HubDeps, pass: Pass, readings: FileReading[]): Promise<void> {
  const unread = readings.filter(({ words }) => words.unread !== undefined).length;
  deps.metrics.count('media_files', { outcome: unread > 0 ? 'some_unread' : 'read' });
  const paid = readings.flatMap(({ paid: call }) => call ?? []);
  await countCalls(deps, pass.tenant, paid);
}
