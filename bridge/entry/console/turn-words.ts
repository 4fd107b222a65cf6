// What a turn's codes mean to people, in Portuguese and English. Logs and metrics keep the codes; pages say these words. The
// closed lists are the keys, so that a code without words does not compile. Plain data: the demo's page is served the same.
import type { HandoffReason, Rung } from '../../core/answer.ts';
import { routeReasons } from '../../core/hub/route.ts';
import type { TurnOutcome } from '../../core/hub/turn-outcome.ts';
import type { DocumentKind } from '../../core/knowledge/document.ts';
import type { TurnTrace } from '../../core/ports/turn-traces.ts';

export interface TurnWords {
  rungs: Record<Rung | 'nothing_found', string>;
  outcomes: Record<TurnOutcome, string>;
  handoffReasons: Record<HandoffReason, string>;
  /** By the reason's text; the one that lists words is its beginning. */
  routeReasons: Record<(typeof routeReasons)[keyof typeof routeReasons], string>;
  kinds: Record<DocumentKind, string>;
  /** The crews and tools that come with the bridge; a tenant's own are called by their names. */
  services: Record<string, string>;
  tools: Record<string, string>;
  durations: Record<string, string>;
}

const portuguese: TurnWords = {
  rungs: {
    cached: 'resposta guardada',
    deterministic: 'resposta pronta',
    grounded: 'das fontes',
    model: 'escrita pelo modelo',
    person: 'para uma pessoa',
    nothing_found: 'nada encontrado',
  },
  outcomes: {
    replied: 'respondida',
    handed_over: 'passada para a equipe',
    observed: 'rascunho para a equipe',
    recovered: 'concluída depois de uma queda',
    reassured: 'cliente avisado de que a equipe vem',
    nobody_came: 'ninguém da equipe respondeu no prazo',
    closed_inactive: 'encerrada por falta de resposta do cliente',
    reopened: 'janela reaberta com mensagem aprovada',
    let_go: 'aviso não confirmado, não repetido',
    failed: 'falhou',
    silent_person_owns: 'em silêncio: uma pessoa está atendendo',
    silent_person_requested: 'em silêncio: esperando uma pessoa da equipe',
    silent_not_ours_now: 'em silêncio: a conversa não está com o assistente',
    silent_contact_blocked: 'em silêncio: contato bloqueado',
    silent_window_closed: 'em silêncio: janela de resposta fechada',
    silent_inbox_not_listed: 'em silêncio: caixa de entrada não atendida',
    silent_test_locked: 'em silêncio: caixa em teste (espera por #teste)',
    silent_already_closed: 'em silêncio: a despedida já foi feita',
  },
  handoffReasons: {
    customer_asked: 'o cliente pediu uma pessoa',
    customer_accepted: 'o cliente aceitou falar com uma pessoa',
    model_misbehaved: 'o modelo não conseguiu usar as ferramentas',
    run_limit: 'o modelo não concluiu dentro do limite',
    guard_blocked: 'a resposta tinha dados sem fonte e foi retida',
    send_undecided: 'não se sabe se a resposta chegou ao cliente',
    turn_failed: 'a resposta automática falhou',
    media_unread: 'um arquivo do cliente não pôde ser lido',
    complaint: 'o cliente está reclamando',
    sensitive: 'o assunto é delicado',
    out_of_scope: 'só a equipe pode resolver',
    nobody_came: 'ninguém respondeu no prazo',
  },
  routeReasons: {
    [routeReasons.signals]: 'palavras do cliente: ',
    [routeReasons.goesOn]: 'continua o assunto anterior da conversa',
    [routeReasons.noSignal]: 'nenhuma palavra indicou um serviço; fica com as informações gerais',
    [routeReasons.turnFailed]: 'não deu para responder',
    [routeReasons.personAwaited]: 'uma pessoa da equipe já foi chamada',
  },
  kinds: {
    rule: 'regra',
    faq: 'pergunta frequente',
    policy: 'política',
    scheduling: 'agendamento',
    document: 'documento',
    product: 'produto',
    service: 'serviço',
    company: 'empresa',
  },
  services: {
    sales: 'Vendas',
    support: 'Suporte',
    scheduling: 'Agendamento',
    delivery: 'Entregas',
    info: 'Informações',
    crm: 'Relacionamento',
    inventory: 'Estoque',
    analytics: 'Análises',
  },
  tools: {
    search_knowledge: 'busca nas fontes',
    product_facts: 'preço e estoque ao vivo',
    request_person: 'chamar uma pessoa',
  },
  durations: { turn_ms: 'pensar e enviar', since_message_ms: 'desde a mensagem do cliente' },
};

const english: TurnWords = {
  rungs: {
    cached: 'kept answer',
    deterministic: 'ready answer',
    grounded: 'from sources',
    model: 'written by the model',
    person: 'to a person',
    nothing_found: 'nothing found',
  },
  outcomes: {
    replied: 'replied',
    handed_over: 'handed over to the team',
    observed: 'draft for the team',
    recovered: 'finished after a crash',
    reassured: 'customer told that the team will come',
    nobody_came: 'nobody of the team answered in time',
    closed_inactive: 'closed, the customer stayed silent',
    reopened: 'window reopened with an approved message',
    let_go: 'unconfirmed notice, not repeated',
    failed: 'failed',
    silent_person_owns: 'silent: a person is answering',
    silent_person_requested: 'silent: waiting for a person of the team',
    silent_not_ours_now: 'silent: the conversation is not with the assistant',
    silent_contact_blocked: 'silent: blocked contact',
    silent_window_closed: 'silent: reply window closed',
    silent_inbox_not_listed: 'silent: inbox not served',
    silent_test_locked: 'silent: inbox under test (waits for #teste)',
    silent_already_closed: 'silent: goodbye was said already',
  },
  handoffReasons: {
    customer_asked: 'the customer asked for a person',
    customer_accepted: 'the customer accepted a person',
    model_misbehaved: 'the model could not use its tools',
    run_limit: 'the model did not finish within its limit',
    guard_blocked: 'the answer held facts without a source and was held back',
    send_undecided: 'nobody can tell whether the reply arrived',
    turn_failed: 'the automatic reply failed',
    media_unread: 'a file of the customer could not be read',
    complaint: 'the customer complains',
    sensitive: 'a delicate subject',
    out_of_scope: 'only the team can solve it',
    nobody_came: 'nobody answered in time',
  },
  routeReasons: {
    [routeReasons.signals]: 'words of the customer: ',
    [routeReasons.goesOn]: 'goes on with the subject of the conversation',
    [routeReasons.noSignal]: 'no word spoke for a service; general information answers',
    [routeReasons.turnFailed]: 'no answer could be made',
    [routeReasons.personAwaited]: 'a person of the team was called already',
  },
  kinds: {
    rule: 'rule',
    faq: 'question and answer',
    policy: 'policy',
    scheduling: 'scheduling',
    document: 'document',
    product: 'product',
    service: 'service',
    company: 'company',
  },
  services: {
    sales: 'Sales',
    support: 'Support',
    scheduling: 'Scheduling',
    delivery: 'Delivery',
    info: 'Information',
    crm: 'Customer relations',
    inventory: 'Inventory',
    analytics: 'Analytics',
  },
  tools: {
    search_knowledge: 'search in the sources',
    product_facts: 'live price and stock',
    request_person: 'call a person',
  },
  durations: { turn_ms: 'thinking and sending', since_message_ms: 'since the customer wrote' },
};

export const turnWords = { 'pt-BR': portuguese, en: english };

/** What a stored trace's code means; a code from another version is shown as it is. */
export function wordFor(table: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(table, code) ? (table[code] ?? code) : code;
}

/** An answer from sources without a source is the sentence that nothing was found. */
export function rungWord({ rungs }: TurnWords, { rung, sources }: Pick<TurnTrace, 'rung' | 'sources'>): string | null {
  if (rung === 'grounded' && sources.length === 0) return rungs.nothing_found;
  return rung === null ? null : wordFor(rungs, rung);
}

export function routeReasonWord(words: TurnWords, reason: string): string {
  const { signals } = routeReasons;
  if (reason.startsWith(signals)) return words.routeReasons[signals] + reason.slice(signals.length);
  return wordFor(words.routeReasons, reason);
}
