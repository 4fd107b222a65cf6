// How Brazilians write in a messenger → how the documents write it. Data only: one row is `short form: full words`.
// Forms that are also ordinary words ("so", "ta", "end") are in the table only where the ordinary word is a stop word.

const rows = `
vc: voce
vcs: voces
voc: voce
ce: voce
ceis: voces
tu: voce
n: nao
nn: nao
naum: nao
num: nao
ss: sim
eh: e
ta: esta
tao: estao
to: estou
tou: estou
tava: estava
pq: porque
pqp: porque
porq: porque
oq: o que
oque: o que
q: que
ql: qual
qm: quem
qd: quando
qdo: quando
qnd: quando
qndo: quando
qto: quanto
qnt: quanto
qnto: quanto
qts: quantos
qtos: quantos
qnts: quantos
qtas: quantas
ond: onde
aond: onde
aonde: onde
kd: onde esta
cade: onde esta
hj: hoje
amnh: amanha
amh: amanha
ont: ontem
dps: depois
agr: agora
smp: sempre
nunk: nunca
tb: tambem
tbm: tambem
tmb: tambem
mto: muito
mt: muito
mta: muita
mts: muitos
mtos: muitos
msm: mesmo
msmo: mesmo
td: tudo
tds: todos
tdo: tudo
blz: beleza
bele: beleza
obg: obrigado
obgd: obrigado
obgda: obrigada
brigado: obrigado
brigada: obrigada
vlw: obrigado
pf: por favor
pfv: por favor
pfvr: por favor
pls: por favor
cmg: comigo
ctg: contigo
ngm: ninguem
alg: alguem
algm: alguem
p: para
pra: para
pro: para o
pras: para as
pros: para os
d: de
c: com
s: sem
aki: aqui
fzr: fazer
fz: faz
qro: quero
kero: quero
keria: queria
qria: queria
presiso: preciso
prciso: preciso
sbr: saber
dzr: dizer
flr: falar
msg: mensagem
msgs: mensagens
zap: whatsapp
zapzap: whatsapp
wpp: whatsapp
whats: whatsapp
wats: whatsapp
insta: instagram
face: facebook
cel: celular
tel: telefone
fone: telefone
nro: numero
nr: numero
end: endereco
ender: endereco
vlr: valor
prec: preco
presso: preco
pgto: pagamento
pagto: pagamento
pgmt: pagamento
pagam: pagamento
cred: credito
deb: debito
parc: parcelas
bol: boleto
promo: promocao
promos: promocoes
desc: desconto
cupon: cupom
prod: produto
prods: produtos
qtd: quantidade
qtde: quantidade
ped: pedido
nf: nota fiscal
nfe: nota fiscal
dev: devolucao
agend: agendar
hr: hora
hrs: horas
min: minutos
fds: fim de semana
seg: segunda
qua: quarta
qui: quinta
sab: sabado
dom: domingo
doc: documento
docs: documentos
dr: doutor
dra: doutora
med: medico
exm: exame
conv: convenio
apt: apartamento
ap: apartamento
orc: orcamento
make: maquiagem
fisio: fisioterapia
dermato: dermatologista
`;

/** Short form → full words. */
export const chatSpellings: ReadonlyMap<string, readonly string[]> = new Map(
  rows
    .split('\n')
    .map((row) => row.split(': '))
    .filter((row): row is [string, string] => row.length === 2)
    .map(([short, full]) => [short, full.split(' ')]),
);
