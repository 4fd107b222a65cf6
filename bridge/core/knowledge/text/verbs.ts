// Verbs whose stem is too short or too irregular for a stemmer ("veio", "paga", "abre"): every form leads to the
// infinitive. Forms that are ordinary words of another meaning ("medida", "tomada", "para") are left out.

const endings = {
  ar: 'ar a am o ou ei aram amos ava avam ando ado ada ados adas e em asse aria arem',
  er: 'er e em i eu o emos iam ia endo ido ida idos idas a am eria erem eram',
  ir: 'ir e em i iu o imos ia iam indo ido ida idos idas a am iria irem iram',
};

const regular = `pagar usar tirar levar lavar ligar mudar parar pegar durar botar virar rodar secar furar girar vazar achar
  ficar falar tocar lixar jogar fumar suar sujar colar dobrar beber comer vender viver mover abrir sair cair
  subir medir pedir perder sumir sentir servir vestir dormir caber doer roer ler`;

/** Forms that mean something else more often. */
const otherWords = new Set(
  `medida medidas medido tomada para pare paro cola colas colo lima dobra dobras sai saia saias viva vivas vida como coma comida
   come comia servido lixa lixo jogo jogos seco seca secas secos sujo suja uso usos fala
   parada parado mudo mudas leia lido lida ficha pega bebida bebidas vestido vestidos
   ligado ligada sentido sentida dorme caba lia pedido pedidos pedida perda perdas rodada rodo roda rodas subida
   saida saidas caida comido durada duro dura mova bota botas boto vaza pago paga gira tira tiras levada suada ache acho`.split(
    /\s+/,
  ),
);

const irregular: Record<string, string> = {
  vir: 'vem veio vieram vim vindo vinha vinham venha viesse',
  trazer: 'traz trazem trouxe trouxeram trago trazendo traga traria',
  fazer: 'faz fazem faco fiz fez fizeram fazendo feito faria faziam fazemos facam faca',
  querer: 'quer quero querem queria quis quiser queremos queira quererem',
  poder: 'pode podem posso podia puder pude poderia podemos possa possam',
  ter: 'tem tenho tinha teve tiver tive teria tenha temos tendo',
  dizer: 'diz dizem disse digo dizendo diga',
  saber: 'sabe sei sabem soube saiba sabia',
  sair: 'sai saiu saem saindo saio saiam',
  cair: 'cai caiu caem caindo caio caiam',
  doer: 'doi doem doeu doendo doia',
  perder: 'perco perdi perdeu perdem perdendo perdido perdida perca perdeu',
  pedir: 'peco pediu pedi pedem pedindo peca',
  medir: 'meco mede medem mediu medi medindo',
  dormir: 'durmo dormiu dormi dormem dormindo durma',
  sentir: 'sinto sente sentiu senti sentem sentindo sinta',
  servir: 'sirvo serve serviu servem servindo sirva servia serviria',
  vestir: 'visto veste vestiu vesti vestem vestindo vista',
  caber: 'cabe coube cabem caiba cabendo caberia caibo',
  subir: 'sobe subiu sobem subindo subi suba',
  sumir: 'some sumiu somem sumindo suma sumida sumido',
  abrir: 'abre abriu abrem abrindo abri aberto aberta abertos abertas abra',
  pagar: 'pago paga pagas pagos paguei pague paguem pagando',
  pegar: 'pega pego peguei pegue pegam',
  ficar: 'fica ficam ficou fico fiquei fique',
  usar: 'uso usa usos usei use',
  parar: 'parou pararam parei parado parada parar',
  levar: 'leva levam levou levo levei leve',
  secar: 'seca secou secam sequei',
};

/** Nouns that share a stem with a verb of another meaning: a brand and to book, an account and to tell. */
const onlyNouns = ['marca', 'conta', 'carta', 'renda'];

function build(): Map<string, string> {
  const forms = new Map<string, string>();
  for (const verb of regular.split(/\s+/)) {
    const group = verb.slice(-2) as keyof typeof endings;
    const stem = verb.slice(0, -2);
    for (const ending of endings[group].split(' ')) {
      const form = stem + ending;
      if (form === verb || !otherWords.has(form)) forms.set(form, verb);
    }
    if (/[cg]ar$/.test(verb)) {
      const soft = verb.endsWith('car') ? `${stem.slice(0, -1)}qu` : `${stem}u`;
      for (const ending of ['e', 'ei', 'em']) forms.set(soft + ending, verb);
    }
  }
  for (const noun of onlyNouns) forms.set(noun, noun).set(`${noun}s`, noun);
  for (const [verb, list] of Object.entries(irregular)) {
    for (const form of [verb, ...list.split(' ')]) forms.set(form, verb);
  }
  return forms;
}

/** Folded form → infinitive. */
export const verbForms: ReadonlyMap<string, string> = build();
