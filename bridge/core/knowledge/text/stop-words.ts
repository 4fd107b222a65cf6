// Words that say nothing about what a customer wants. Unlike in general search, "não", "sem" and numbers stay: they change
// the answer. Question words and polite phrases go; what they ask for ("que horas", "quanto custa") is found as a concept.
import { fold } from './fold.ts';
import type { TextLanguage } from './language.ts';

function words(text: string): ReadonlySet<string> {
  return new Set(fold(text).split(/\s+/).filter(Boolean));
}

/** Words that may stand between the words of a phrase: "formas (de) pagamento", "troca (do) produto". */
export const glueWords: Record<TextLanguage, ReadonlySet<string>> = {
  pt: words(`a o as os um uma uns umas de do da dos das em no na nos nas por pelo pela pelos pelas para pra ao à aos às e ou
    com eu você vocês me te se lhe nos meu minha meus minhas seu sua seus suas teu tua este esta esse essa isso isto
    aquele aquela ele ela eles elas é já aqui aí`),
  en: words(`a an the of to for in on at by with and or i you we me my your our us it is are do does did be this that
    these those their his her they`),
  es: words(`el la los las un una unos unas de del en por para al a y o u con yo tu usted ustedes me te se le les mi
    mis su sus este esta eso esto es lo`),
};

const common: Record<TextLanguage, ReadonlySet<string>> = {
  pt: words(`lo la los las ante após até contra desde entre sobre sob perante trás lhes nós vós dele dela deles delas deste desta desse dessa
    disso disto daquele daquela neste nesta nesse nessa nisso nisto naquele naquela num numa nuns numas
    que qual quais quem quando quanto quanta quantos quantas onde como porque porquê quê cujo cuja
    mas porém contudo todavia entretanto pois portanto logo então assim também tampouco ainda apenas só somente mesmo mesma
    mesmos mesmas muito muita muitos muitas mais menos pouco pouca bem mal tão tanto tanta tal tais cada todo toda todos todas
    tudo algo alguém algum alguma alguns algumas nenhum nenhuma ninguém outro outra outros outras vários várias
    ser sou és somos são era eram foi foram fui fomos fosse fossem seria seriam será serão sendo sido seja sejam
    estar estou está estamos estão estava estavam esteve estive estiver esteja estejam estaria estando estado
    ter tenho tem têm temos tinha tinham teve tive tiver tenha tenham teria terá tendo tido
    haver há houve havia haja haverá ir vou vai vamos vão ia iam indo ido vá vem vir
    fazer faço faz fazem fazemos fez fiz fizer feito faria fazendo dar dá dão dou deu dei daria
    poder posso pode podem podemos pude puder podia poderia poderiam possa possam consigo consegue conseguem conseguir
    querer quero quer querem queremos queria queriam quiser quis gostaria gostar gosto gostei precisar preciso precisa precisam
    precisamos precisava dever deve devem devo deveria saber sei sabe sabem saberia dizer diz digo disse falar fala falo falou
    informar informa informação informações explicar explica ajudar ajuda ajude dúvida dúvidas pergunta perguntar
    responder resposta favor gentileza obrigado obrigada agradeço oi olá ola opa alô bom boa dia tarde noite beleza
    ok certo sim tipo coisa coisas caso casos gente pessoal moça moço amigo amiga querida querido senhor senhora sr sra
    aqui ali lá cá aí hoje agora depois antes sempre nunca talvez através ver vê veja verificar ficar fica ficam ficou
    existe existem acontece aconteceu funciona-se acho acha parece né hein hum ah eh ih uai kkk kk rs rsrs haha
    uso usar deixa deixar passar sendo vez vezes lado parte forma modo meio jeito através qualquer quaisquer
    moro mora moramos parece parecem acabei tentei tentando consegui cheguei perto longe leva melhor pior`),
  en: words(`about after again against all am any as been before being below between both but can could cannot down during each
    few from further had has have having he she here hers herself him himself how if into its itself just more most no nor now
    off once only other ours out over own same should so some such than them then there through too under until up very was
    were what when where which while who whom why will would yours get got want need like know tell say please thanks thank
    hello hi hey good morning afternoon evening ok yes help question may might must let im ive dont`),
  es: words(`ante bajo cabe contra desde durante entre hacia hasta mediante según sin sobre tras que qué cuál cuáles quién cuándo
    cuánto cuánta cuántos dónde cómo porque pero sino aunque pues entonces así también tampoco solo mismo muy más menos poco
    bien mal tan tanto cada todo toda todos todas algo alguien algún alguna ningún nadie otro otra otros ser soy eres somos son
    era fue fueron sea sería estar estoy está estamos están estaba tener tengo tiene tienen tenemos tenía haber hay hubo había
    ir voy va vamos van hacer hago hace hacen hizo dar dan doy poder puedo puede pueden podría quiero quiere quieren quisiera
    quería gustaría necesito necesita saber sé sabe decir dice hola buenos buenas días tardes noches gracias favor ayuda
    ayudar pregunta duda sí ya aquí ahí allí hoy ahora después antes siempre nunca nos nosotros ellos ellas`),
};

export function isStopWord(word: string, language: TextLanguage): boolean {
  return common[language].has(word) || glueWords[language].has(word);
}

export function stopWordsOf(language: TextLanguage): string[] {
  return [...common[language], ...glueWords[language]];
}

/** Words that carry little weight on their own but change the meaning of what is beside them. */
const minor =
  words(`não sem no not without sin dia dias day days hora horas hour hours semana semanas week mês mes meses month
  ano anos ontem amanhã yesterday tomorrow ayer mañana produto produtos product products producto productos item itens comprar comprei
  compra compras comprado loja lojas cliente clientes novo nova casa home`);

export function isMinorWord(word: string): boolean {
  return minor.has(word);
}
