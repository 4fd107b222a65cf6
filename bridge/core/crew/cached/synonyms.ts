// Words that mean the same in a question to a shop, and words that add nothing to it. Narrow on purpose: what is listed
// here may be answered with an answer given to the other word, so "trocar" and "devolver" are not in one row.
import { stemOf } from '../../knowledge/text/stem.ts';

const rows = `
aceitar receber
adquirir comprar
agendar marcar agendamento marcacao
reagendar remarcar reagendamento remarcacao
cancelar desmarcar cancelamento
atender atendimento abrir funcionar funcionamento abertura
fechar encerrar fechamento
fim final
gratis graca gratuito gratuita
boleto boletos
celular telefone fone
cupom voucher
custar custo preco valor
demorar prazo tempo demora
devolver devolucao
dividir parcelar parcelamento
entregar entrega
enviar envio mandar
endereco localizacao
estacionamento estacionar
estragado quebrado avariado
frete
garantia
horario hora
jogar descartar
lavar lavagem
limpar limpeza
loja lojas
montar montagem
nota nf
btu btus
conversao converter
velho velha antigo antiga usado usada
pagar pagamento
pedido encomenda
presente presentear
retirar retirada buscar
trocar troca
usar utilizar uso utilizacao
aula aulas
consulta consultas
convenio plano
exame exames
medico doutor medica doutora
crianca criancas infantil
gravida gestante
aparelho dispositivo
geladeira refrigerador
guarda-roupa guardaroupa roupeiro
sofa sofas
televisao tv televisor
`;

/** Stem → the stem that stands for its row. */
export const synonyms: ReadonlyMap<string, string> = new Map(
  rows
    .split('\n')
    .map((row) => row.split(' ').filter(Boolean).map(stem))
    .flatMap(([first = '', ...others]) => others.map((other) => [other, first] as const)),
);

/** They come and go from one wording to the next and change no answer. */
export const weakStems: ReadonlySet<string> = new Set(
  `empresa produto produtos item itens coisa cliente clientes comprar compra fiscal pessoal gente favor gentileza duvida informacao
  possivel consigo conseguir gostaria queria quero saber ajudar ajuda dizer falar passar info moco moca querido querida
  oi ola bom boa dia tarde noite tudo bem obrigado obrigada desde entao tipo assim comigo voces trabalhar fazer existir pegar virar encomendar vir`
    .split(/\s+/)
    .map(stem),
);

function stem(word: string): string {
  return stemOf(word, 'pt');
}
