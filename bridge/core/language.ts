// Which language to answer in. Short chat messages fool language detectors, so the tenant's own language is the answer
// unless another one is clear, and the languages are limited to those we can write.
import { detect } from 'tinyld';

export const languages = ['pt', 'en', 'es'] as const;
export type Language = (typeof languages)[number];

/** Words that only one of the three has. Those a customer says to a stranger first are clear on their own. */
const words: Record<Language, { clear: string; others: string }> = {
  pt: {
    clear: 'oi olá ola não nao você vocês voce voces vc vcs obrigado obrigada obrigadão valeu bom boa',
    others:
      'qual quais quanto quanta quantos quando onde tem têm meu minha meus minhas posso pode é uma um prazo pra eu quero queria loja entrega entregam preço preco troca trocar isso esse essa muito já até são está tudo bem dia tarde noite fazem aceita aceitam gostaria do da dos das na pela pelo ou faz veio foi vou manda produto produtos preciso tá né mas',
  },
  en: {
    clear: 'hi hello thanks thank please',
    others:
      'what how when where which who why the is are do does did my your you i it this that there and with have has want need would could can much many of hey good morning afternoon evening help price open ship order buy',
  },
  es: {
    clear: 'hola gracias usted ustedes buenos buenas quisiera',
    others:
      'cuánto cuanto cuánta cuándo cuando cuál cual dónde donde cómo tienen tiene quiero necesito puedo puede el los las una uno hay muy y con mi mis hacen envío envios cuesta precio hasta días dias tarde hoy mañana pedido abren cierran cambiar talla ayuda',
  },
};
const letters: Partial<Record<Language, RegExp>> = { pt: /[ãõç]/g, es: /[ñ¿¡]/g };

const weights = Object.fromEntries(languages.map((language) => [language, weightsOf(language)])) as Record<
  Language,
  ReadonlyMap<string, number>
>;

/** `tenantLanguage` in the form `pt_BR`; it wins every tie. */
export function languageOf(text: string, tenantLanguage: string): Language {
  const own = languages.find((language) => tenantLanguage.startsWith(language)) ?? 'pt';
  // Addresses are in nobody's language.
  const said = text.toLowerCase().replace(/\S+[@/]\S+|\bwww\.\S+/g, ' ');
  const tokens = said.match(/\p{L}+/gu) ?? [];
  const scores = Object.fromEntries(languages.map((language) => [language, scoreOf(said, tokens, language)])) as Record<
    Language,
    number
  >;
  const best = languages.reduce((a, b) => (scores[b] > scores[a] ? b : a), own);
  if (scores[best] >= scores[own] + 2) return best;
  if (scores[own] > 0 || tokens.length < 5) return own;
  return languages.find((language) => language === detect(said, { only: [...languages] })) ?? own;
}

function scoreOf(said: string, tokens: readonly string[], language: Language): number {
  const known = weights[language];
  const marks = letters[language] ? (said.match(letters[language])?.length ?? 0) : 0;
  return tokens.reduce((sum, token) => sum + (known.get(token) ?? 0), marks);
}

function weightsOf(language: Language): ReadonlyMap<string, number> {
  const { clear, others } = words[language];
  const weigh = (list: string, weight: number) => list.split(' ').map((word) => [word, weight] as const);
  return new Map([...weigh(others, 1), ...weigh(clear, 2)]);
}
