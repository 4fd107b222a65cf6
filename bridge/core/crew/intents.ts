// The few things customers say that need no knowledge and no model: a greeting, thanks, a goodbye, the wish for a person,
// a yes or no to our offer. Patterns are narrow on purpose: a missed one costs a search, a wrong one costs a customer.
import { wantsPerson } from './wants-person.ts';

export type Intent =
  'greeting' | 'thanks' | 'goodbye' | 'acknowledges' | 'wants_person' | 'accepts' | 'declines' | null;

const greeting =
  'oi+e*|ola+|opa|e ai|eai|ei|alo|hey|hi|hello|hola|bom dia|boa tarde|boa noite|good (?:morning|afternoon|evening)|' +
  'buen dia|buenos dias|buenas(?: tardes| noches)?|tudo (?:bem|bom|certo)|td bem|como vai|tem alguem ai';
const thanks =
  '(?:muito |mt |mto )?(?:obrigad[oa]s?|obg|brigad[oa]|agradecid[oa]|agradeco)|vlw|valeu|' +
  '(?:many )?thanks(?: a lot| so much)?|thank you(?: so much| very much)?|thx|(?:muchas )?gracias';
const goodbye =
  'tchau+|ate (?:logo|mais|breve|amanha)|bye(?: bye)?|goodbye|adeus|adios|hasta (?:luego|pronto)|(?:era )?so isso(?: mesmo)?';
const acknowledges =
  'o?ok(?:ay|ey)?|certo|entendi|entendido|perfeito|perfecto|otimo|show|blz|beleza|ta(?: bom| bem| certo)?|legal|combinado|' +
  'fechado|great|perfect|got it|alright|all right|cool|vale|listo';
const yes =
  's+|sim+|quero|queria|gostaria|aceito|pode(?: ser| sim| chamar| passar)?|chama(?:r)?|chame|claro(?: que sim)?|com certeza|isso(?: mesmo)?|' +
  'por (?:favor|gentileza)|pfv?|uma pessoa|yes|yeah|yep|sure|please|si|por favor|dale|adelante';
const no =
  'n+|nao+|nao (?:quero|precisa|preciso)|(?:nem )?precisa nao|deixa(?: pra la| quieto)?|depois|agora nao|por enquanto nao|no(?:pe)?|not now|ahora no|luego';

const only = (...kinds: string[]): RegExp => {
  const token = `(?:${kinds.join('|')})`;
  return new RegExp(`^${token}(?:[ ,.!?]+${token})*[ ,.!?]*$`);
};

const polite = only(greeting, thanks, goodbye, acknowledges);
const greets = only(greeting);
const accepts = only(yes, acknowledges, thanks);
const declines = only(no, thanks);
const has = (kind: string): RegExp => new RegExp(`(?:^|[ ,.!?])(?:${kind})(?:$|[ ,.!?])`);
const [hasYes, hasNo, hasGoodbye, hasThanks, hasGreeting, hasAcknowledged] = [
  yes,
  no,
  goodbye,
  thanks,
  greeting,
  acknowledges,
].map(has) as [RegExp, RegExp, RegExp, RegExp, RegExp, RegExp];

/** `personOffered` = our last words offered a person; only then is a bare "yes" a request for one. */
export function intentOf(text: string, personOffered: boolean): Intent {
  const plain = plainOf(text);
  if (wantsPerson(plain)) return 'wants_person';
  if (personOffered) {
    if (isOnlyEmoji(text)) return /👎|🙅/u.test(text) ? 'declines' : 'accepts';
    if (declines.test(plain) && hasNo.test(plain)) return 'declines';
    if (accepts.test(plain) && (hasYes.test(plain) || (hasAcknowledged.test(plain) && !hasThanks.test(plain)))) {
      return 'accepts';
    }
  }
  if (isOnlyEmoji(text)) return 'acknowledges';
  return polite.test(plain) ? politeIntent(plain) : null;
}

function politeIntent(plain: string): Intent {
  if (hasGoodbye.test(plain)) return 'goodbye';
  if (hasThanks.test(plain)) return 'thanks';
  // Said back to us, "tudo bem" is a yes; asked, it greets.
  if (/^(?:tudo (?:bem|bom|certo)|td bem)[ .!]*$/.test(plain)) return 'acknowledges';
  return greets.test(plain) || hasGreeting.test(plain) ? 'greeting' : 'acknowledges';
}

function isOnlyEmoji(text: string): boolean {
  return /\p{Extended_Pictographic}/u.test(text) && !/[\p{L}\p{N}?]/u.test(text);
}

/** Lower case, without accents and emoji. */
function plainOf(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
