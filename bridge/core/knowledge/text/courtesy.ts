// What people say around a question: greetings, please, thanks. It asks for nothing and must change nothing, neither by
// its words nor by what it puts beside the words that do ask ("quanto dura? pfv" is not "quanto por …").

const edge = '(?<![\\p{L}\\p{N}])';
const end = '(?![\\p{L}\\p{N}])';
const greetings =
  'oi+e*|ola|olá|opa|hey|hello|hi|hola|(?:muito )?bom dia|boa tarde|boa noite|good (?:morning|afternoon|evening)|buen(?:os|as)? (?:dias|días|tardes|noches)|tudo (?:bem|bom|certo)|td bem';
const please = 'por favor|por gentileza|pf|pfv|pfvr|pls|please';
const thanks =
  '(?:muito |mt |mto )?(?:obrigad[oa]s?|obg|brigad[oa]|agradecid[oa])|agradeço desde já|desde já|valeu|vlw|thanks(?: a lot)?|thank you|(?:muchas )?gracias';
const courtesy = new RegExp(`${edge}(?:${greetings}|${please}|${thanks})${end}[\\s,!.]*`, 'giu');

/** Whom a greeting or thanks is for: "Obrigada, Bia! …". Without one before it, a first word is part of the question. */
const addressed =
  /((?:^|\s)(?:[Oo]i+e*|[Oo]l[aá]|[Oo]pa|[Bb]om dia|[Bb]oa (?:tarde|noite)|[Oo]brigad[oa]|[Vv]aleu|[Hh]i|[Hh]ello|[Tt]hanks|[Hh]ola|[Gg]racias)),?\s+\p{Lu}\p{Ll}{1,14}(?=\s*[!,.?])/gu;

/** The question alone; all of it when nothing else was said. */
export function withoutCourtesy(text: string): string {
  const rest = text.replace(addressed, '$1').replace(courtesy, ' ').replace(/\s+/g, ' ').trim();
  return /[\p{L}\p{N}]/u.test(rest) ? rest : text;
}
