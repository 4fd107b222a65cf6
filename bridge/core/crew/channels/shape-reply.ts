// From an answer to what goes out on a channel: marks, emoji, length, buttons. The parts are one reply; what closes it
// stands once, with the last of them.
import type { Tenant } from '../../tenant.ts';
import type { ChannelProfile } from './channel-profile.ts';
import { fittingChoices } from './choices.ts';
import { limitEmoji } from './emoji.ts';
import { writtenFor } from './mark-up.ts';
import { withPlainTypography } from './sms-length.ts';
import { splitText } from './split-text.ts';

export interface Draft {
  text: string;
  /** Said after the answer, with its last part. */
  closing?: string | null;
  choices?: readonly string[];
}

export interface ShapedReply {
  /** In order, never none. What fits the channel's limit is one message. */
  parts: string[];
  /** Belong to the last part. */
  choices: string[];
}

export function shapeReply(draft: Draft, profile: ChannelProfile, tenant: Tenant): ShapedReply {
  const usage = tenant.config.company_metadata.customer_service.emoji_usage;
  const allowed = profile.hasEmoji ? usage : 'none';
  const style = (text: string, emoji = allowed) => styled(text, profile, emoji);
  const { maxCharacters, lengthOf } = profile;
  const closing = (draft.closing ?? '').trim();
  const all = style([draft.text.trim(), closing].filter((text) => text !== '').join('\n\n'));
  const whole = splitText(all, maxCharacters, lengthOf);
  const parts =
    whole.length === 1 || closing === ''
      ? whole
      : withClosing(
          splitText(style(draft.text), maxCharacters, lengthOf),
          // The answer has used up what emoji a reply may hold.
          style(closing, allowed === 'abundant' ? allowed : 'none'),
          profile,
        );
  return { parts, choices: fittingChoices(draft.choices ?? [], profile, parts.at(-1) ?? '') };
}

/** On the last part when it fits there, else after it. */
function withClosing(parts: string[], closing: string, { maxCharacters, lengthOf }: ChannelProfile): string[] {
  const last = parts.at(-1);
  const together = last === undefined ? closing : `${last}\n\n${closing}`;
  const fits = splitText(together, maxCharacters, lengthOf).length === 1;
  return fits ? [...parts.slice(0, -1), together] : [...parts, ...splitText(closing, maxCharacters, lengthOf)];
}

function styled(text: string, profile: ChannelProfile, usage: Parameters<typeof limitEmoji>[1]): string {
  const written = writtenFor(profile, text);
  const limited = limitEmoji(written, usage);
  // An answer of emoji alone is better than none, and marks alone are better than nothing.
  const readable = [limited, written, text].find((candidate) => candidate.trim() !== '') ?? text;
  return profile.lengthOf ? withPlainTypography(readable) : readable;
}
