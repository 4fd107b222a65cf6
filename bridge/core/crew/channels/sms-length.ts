// What a text weighs as SMS. Phones send 7 bits a character while every character is in the old GSM table, and 16 bits as
// soon as one is not, which most Portuguese sentences have (ã, ç, á, ê). A limit in plain characters would cut in the
// middle of a paid segment.

const gsm7 =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const gsm7Extension = '^{}\\[~]|€\f';
const basic = new Set(gsm7);
const extended = new Set(gsm7Extension);

/** Two full segments of plain text (2 × 153) and four of the other kind (4 × 67): the most below Chatwoot's 320. */
const septets = 306;
const units = 268;

/** In septets; a text with accents weighs more, so that both kinds end with a full segment at `septets`. */
export function smsLength(text: string): number {
  const characters = Array.from(text);
  if (!characters.every((character) => basic.has(character) || extended.has(character))) {
    return Math.ceil((text.length * septets) / units);
  }
  return characters.length + characters.filter((character) => extended.has(character)).length;
}

const typography: [RegExp, string][] = [
  [/[\u2018\u2019\u201A\u2032]/g, "'"],
  [/[\u201C\u201D\u201E\u2033\u00AB\u00BB]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/\u2026/g, '...'],
  [/[\u2022\u25CF\u25E6]/g, '-'],
  [/[\u00A0\u2007\u2009\u202F]/g, ' '],
];

/** Fine typography alone would more than double what a message costs. */
export function withPlainTypography(text: string): string {
  return typography.reduce((plain, [mark, simple]) => plain.replace(mark, simple), text);
}
