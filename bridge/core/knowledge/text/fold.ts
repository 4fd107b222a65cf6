// One written form for what people write in many: lower case, no accents, no emoji, no "muuuuito". Everything that is
// searched and everything that is asked passes here first, so both sides always agree.

const accents = /[\u0300-\u036f]/g;
const stretched = /(\p{L})\1{2,}/gu;
const pictures = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200d|\ufe0f|\u20e3/gu;
const joiners = /[\u200b\u200c\u2060\ufeff\u00ad]/g;

export function fold(text: string): string {
  return text
    .replace(pictures, ' ')
    .replace(joiners, '')
    .toLowerCase()
    .normalize('NFD')
    .replace(accents, '')
    .normalize('NFC')
    .replace(stretched, '$1')
    .replace(/[‘’´`]/g, "'");
}
