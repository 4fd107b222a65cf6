// What `/ready` remarks about a dependency, in Portuguese. The remarks are made in English for logs and programs; one that is
// not known here (a server's own error) is shown as it came.
const portuguese: readonly (readonly [RegExp, string])[] = [
  [
    /^Start Redis, or correct REDIS_URL; .*$/,
    'Inicie o Redis ou corrija REDIS_URL; até lá as mensagens esperam no diário.',
  ],
  [
    /^Redis would lose acknowledged messages in a crash: .*$/,
    'O Redis perderia mensagens já aceitas numa queda: o arquivo append-only está desligado.',
  ],
  [
    /^Set "appendonly yes" .*$/,
    'Ligue "appendonly yes" (e "appendfsync always" para não perder nada numa queda de energia).',
  ],
  [/^Redis cannot write its append-only file$/, 'O Redis não consegue gravar o arquivo append-only.'],
  [/^Free disk space on the Redis server\.$/, 'Libere espaço em disco no servidor do Redis.'],
  [
    /^Redis may throw stored messages away when memory is short \((.*)\)$/,
    'O Redis pode descartar mensagens guardadas quando faltar memória ($1).',
  ],
  [
    /^Set "maxmemory-policy noeviction"; .*$/,
    'Use "maxmemory-policy noeviction" e dê ao cache um Redis próprio com REDIS_CACHE_URL.',
  ],
  [
    /^Redis is back; conversations still to be handed in: (\d+)$/,
    'O Redis voltou; conversas ainda por devolver a ele: $1.',
  ],
  [
    /^.*; answers go on from the journal of this instance, conversations kept there: (\d+)$/,
    'O Redis está fora do ar; as respostas continuam pelo diário desta instância, conversas guardadas nele: $1.',
  ],
  [
    /^Start Qdrant or correct QDRANT_URL; .*$/,
    'Inicie o Qdrant ou corrija QDRANT_URL; até lá a busca usa só as palavras.',
  ],
  [/^Correct QDRANT_API_KEY; .*$/, 'Corrija QDRANT_API_KEY; até lá a busca usa só as palavras.'],
  [/^Qdrant refuses the key$/, 'O Qdrant recusa a chave.'],
  [/^Qdrant answered (\d+)$/, 'O Qdrant respondeu $1.'],
  [/^Qdrant does not answer$/, 'O Qdrant não responde.'],
  [/^gave no answer in time$/, 'não respondeu a tempo'],
];

export function remarkWords(language: string, remark: string): string {
  if (language !== 'pt-BR') return remark;
  const known = portuguese.find(([pattern]) => pattern.test(remark));
  return known ? remark.replace(known[0], known[1]) : remark;
}
