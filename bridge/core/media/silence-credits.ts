// Speech models were taught with subtitles, and what they "hear" in silence is how subtitles end: who made them, thanks for
// watching, a wish to subscribe. Nobody says that to a shop in a voice note, so it goes, and what is left was said.

const credits = [
  /\b(?:legendas?|legendad[oa]|subtitles?|subtítulos|subtitulos|captions?|closed captioning|untertitel|sous-titr\w*)\b.{0,40}\b(?:por|pela|pelo|by|de la|comunidade|community|comunidad|amara)\b/i,
  /\b(?:transcri(?:ção|cao|pción|pcion)|tradu(?:ção|cao|cción|ccion)) e legendas?\b/i,
  /^[Ll]egendas? (?:em português )?(?:[A-ZÀ-Ý]\p{L}+ ){1,3}[A-ZÀ-Ý]\p{L}+\.?$/u,
  /\bamara\.org\b/i,
  /\b(?:obrigad[oa] por (?:assistir|ver)|thanks? (?:you )?for watching|gracias por (?:ver|mirar))\b/i,
  /\b(?:inscreva-se|se inscrev\w+|inscrevam-se) (?:no|em nosso|no meu|no nosso) canal\b/i,
  /\b(?:please |don'?t forget to )?(?:like and )?subscribe\b.{0,30}\b(?:channel|videos?|like)?/i,
  /\bsuscr[ií]b(?:ete|anse) (?:al|a nuestro|a mi) canal\b/i,
  /^(?:até o próximo vídeo|see you (?:in the next video|next time)|nos vemos en el próximo v[ií]deo)[.!]*$/i,
];

/** Notes about sounds: `[Música]`, `(aplausos)`, `♪♪`. */
const sounds =
  /\[[^\]]{0,40}\]|\((?:m[úu]sica|music|aplausos|applause|risos|risas|laughter|silêncio|silence)[^)]{0,20}\)|♪+/gi;

/** The words that were said; empty when there were none. */
export function withoutSilenceCredits(heard: string): string {
  const spoken = heard
    .replace(sounds, ' ')
    .split(/(?<=[.!?…])\s+|\n+/)
    .filter((sentence) => !credits.some((credit) => credit.test(sentence.trim())))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  return /[\p{L}\p{N}]/u.test(spoken) && !isOneThingOverAndOver(spoken) ? spoken : '';
}

/** Noise is heard as the same few words without an end. */
function isOneThingOverAndOver(text: string): boolean {
  return /^(.{1,40}?)(?:[\s,.!?]+\1){7,}[\s,.!?]*$/iu.test(text);
}
