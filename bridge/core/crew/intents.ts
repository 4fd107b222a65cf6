// The few things customers say that need no knowledge and no model: a greeting, thanks, a goodbye, the wish for a person,
// a yes or no to our offer. Patterns are narrow on purpose: a missed one costs a search, a wrong one costs a customer.

export type Intent = 'greeting' | 'thanks' | 'goodbye' | 'wants_person' | 'accepts' | 'declines' | null;

const greeting =
  /^((oi+e*|ola+|opa|e ai|eai|hey|hi|hello|hola|bom dia|boa tarde|boa noite|good (morning|afternoon|evening)|buen[oa]s? (dias?|tardes|noches)|tudo bem|td bem|tudo bom|como vai|tem alguem ai)[\s,.!?]*)+$/;
const thanks =
  /^((muito |mt |mto )?(obrigad[oa]s?|obg|brigad[oa]|vlw|valeu|thanks?( you)?|thank you( so much)?|(muchas )?gracias|ok|perfeito|otimo|show|entendi|blz|beleza|certo)[\s,.!]*)+$/;
const goodbye = /^((tchau|ate (logo|mais|breve)|bye|goodbye|adeus|hasta luego|era so isso|so isso mesmo)[\s,.!]*)+$/;
const accepts =
  /^(sim|s|quero|quero sim|pode|pode sim|pode ser|por favor|claro|ok|isso|aceito|yes|yes please|please|sure|si|si por favor|vale)[\s,.!]*(sim|por favor|please|obrigad[oa])?[\s,.!]*$/;
const declines = /^(nao|n|nao precisa|nao obrigad[oa]|deixa|depois|no|no thanks|no gracias)[\s,.!]*$/;
const person =
  '(atendente|humano|humana|pessoa(?! fisica| juridica)|alguem|gente de verdade|vendedor|vendedora|gerente|responsavel|funcionario|operador|agent|human|person|someone|real person|persona|agente|asesor)';
const wantsPerson = [
  new RegExp(
    `\\b(falar|conversar|fala|falo|atendid[oa] por|atendimento|chama|chamar|chame|passa|passar|transfere|transferir|transfira|prefiro|quero|preciso de?)\\b.{0,25}\\b${person}\\b(?! (que|com|para))`,
  ),
  new RegExp(`\\b(talk|speak|chat|connect me|transfer me)\\b.{0,15}\\b${person}\\b`),
  new RegExp(`\\b(hablar|comunicar(me)?|pasame)\\b.{0,20}\\b${person}\\b`),
  /^(atendente|atendimento humano|humano|human|agent)[\s!.?]*$/,
];

/** `personOffered` = our last words offered a person; only then is a bare "yes" a request for one. */
export function intentOf(text: string, personOffered: boolean): Intent {
  const plain = text
    .trim()
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/\p{Extended_Pictographic}|\u200d|\ufe0f/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (wantsPerson.some((pattern) => pattern.test(plain))) return 'wants_person';
  if (personOffered && accepts.test(plain)) return 'accepts';
  if (personOffered && declines.test(plain)) return 'declines';
  if (greeting.test(plain)) return 'greeting';
  if (thanks.test(plain)) return 'thanks';
  return goodbye.test(plain) ? 'goodbye' : null;
}
