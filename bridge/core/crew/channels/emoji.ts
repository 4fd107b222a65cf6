// How many emoji a reply may hold by the company's style. A family or a flag is one emoji, however many code points it is.
import type { TenantConfig } from '../../tenant.ts';

export type EmojiUsage = TenantConfig['company_metadata']['customer_service']['emoji_usage'];

/** Per reply, however many parts it goes out in. */
const allowed: Record<EmojiUsage, number> = { none: 0, minimal: 1, moderate: 3, abundant: Number.POSITIVE_INFINITY };

const figure = '(?![©®™])\\p{Extended_Pictographic}(?:\\uFE0F|\\p{Emoji_Modifier})*';
const emoji = new RegExp(
  `[0-9#*]\\uFE0F?\\u20E3|\\p{Regional_Indicator}{1,2}|${figure}(?:\\u200D${figure})*|\\u200D|\\uFE0F|\\u20E3|\\p{Emoji_Modifier}`,
  'gu',
);

export function limitEmoji(text: string, usage: EmojiUsage): string {
  let left = allowed[usage];
  let removed = 0;
  const limited = text.replace(emoji, (found) => {
    if (left > 0) {
      left -= 1;
      return found;
    }
    removed += 1;
    // A digit in a box is still a digit.
    return /^[0-9#*]/.exec(found)?.[0] ?? '';
  });
  return removed === 0 ? text : tidied(limited);
}

/** Reads as if there had been none. */
function tidied(text: string): string {
  return text
    .replace(/[ \t]{2,}/g, ' ')
    .replace(/ +([,.!?])/g, '$1')
    .replace(/^ +| +$/gm, '')
    .replace(/\n{3,}/g, '\n\n');
}
