// Whether a customer asks for a person, in the three languages. A verb and the person must stand together with nothing but
// small words between them, so that people who are only talked about ("meu atendente anterior disse …") call nobody.

const smallWords =
  '(?:(?:a|o|um|uma|com|por|pra|para|de|do|da|me|algum|alguma|outr[oa]|seu|sua|direto|diretamente|logo|so|somente|agora|ja|aqui|ai|favor) )*';
const persona =
  '(?:atendentes?|humanos?|humanas?|pessoa(?! fisica| juridica)|alguem|gente de verdade|vendedora?|gerente|responsavel(?! tecnic)|funcionari[oa]|operadora?|consultora?|atendimento humano|suporte humano)';
const notAbout = '(?![ ,]*(?:que|com|para|pra|como|especial|alergic|diabetic|gravida)\\b)';
/** Refused, or told as a story: then nobody is asked for. */
const portugueseNot =
  '(?<!\\b(?:nao|nem|sem) (?:(?:quero|queria|preciso|precisa|gostaria de|gosto de|vou|adianta|adiantou) )?)(?<!\\b(?:consegui|conseguiu|acabei de|depois de|apos|ao) )';

const portuguese = [
  new RegExp(
    `${portugueseNot}\\b(?:falar|conversar|fala|falo|tratar|ser atendid[oa]|atendid[oa]) ${smallWords}(?:com|por|pra|para) ${smallWords}${persona}\\b${notAbout}`,
  ),
  new RegExp(
    `${portugueseNot}\\b(?:quero|queria|gostaria de|preciso(?: de| do| da)?|prefiro|chama|chamar|chame|passa|passar|passe|transfere|transferir|transfira) ${smallWords}${persona}\\b${notAbout}`,
  ),
  /\b(?:nao|sem) (?:quero|gosto|queria|aguento)(?: mais)?(?: de)?(?: falar| conversar)?(?: com)?(?: um| uma)? (?:robo|maquina|bot|chatbot|ia)\b/,
  /^(?:um |uma |o |a )?(?:atendente|atendimento humano|humano|pessoa|gerente|falar com atendente)(?: por favor)?[ .!?]*$/,
];

const englishPerson =
  '(?:(?:real|live|actual|human|your) )*(?:human|person|someone|somebody|agent|representative|operator|manager|human being|people)';
const english = [
  new RegExp(
    `(?<!\\b(?:not|don'?t|never) (?:(?:want|need) to )?)\\b(?:talk|speak|chat|connect me|transfer me|put me through)(?: directly)? (?:to|with) (?:(?:a|an|the|some) )?${englishPerson}\\b(?! (?:who|that|about))`,
  ),
  /(?<!\b(?:not|don'?t|never) )\b(?:want|need|prefer|get me|give me)(?: to have)? (?:a|an|some|the) (?:(?:real|live|actual|human) )*(?:human|person|agent|representative|operator)\b(?! (?:who|that|for))/,
  /^(?:a |an )?(?:(?:real|live|human) )*(?:human|person|agent|representative|operator)(?:,? please)?[ .!?]*$/,
];

const spanishPerson =
  '(?:persona(?! fisica| juridica)|agente|asesora?|humano|humana|alguien|operadora?|encargad[oa]|gerente|representante|ejecutiv[oa])';
const spanish = [
  new RegExp(
    `(?<!\\b(?:no|sin) (?:(?:quiero|necesito) )?)\\b(?:hablar|conversar|chatear|comunicar(?:me)?|comuniqueme|pasame|paseme)(?: directamente)? (?:con|a) (?:(?:un|una|el|la|algun|alguna) )?${spanishPerson}\\b(?! que)`,
  ),
  new RegExp(
    `(?<!\\bno )\\b(?:quiero|quisiera|necesito|prefiero) (?:a )?(?:un|una|el|la) ${spanishPerson}\\b(?! (?:que|para))`,
  ),
  /^(?:un |una )?(?:asesor|agente|humano|persona|operador)(?: por favor)?[ .!?]*$/,
];

const patterns = [...portuguese, ...english, ...spanish];

/** `plain` = lower case, without accents, with single spaces. */
export function wantsPerson(plain: string): boolean {
  return patterns.some((pattern) => pattern.test(plain));
}
