// What each reason of a handoff means to people: a sentence, a category to sort by, a priority. One row a reason, so that a
// new reason without them does not compile.
import type { HandoffReason } from '../answer.ts';
import type { Priority } from '../ports/conversation-triage.ts';
import type { Tenant } from '../tenant.ts';

export interface ReasonRow {
  /** In Portuguese, the language of the people who answer. */
  text: string;
  /** Part of a label in Chatwoot. */
  category: string;
  priority: Priority;
}

export const reasonRows: Record<HandoffReason, ReasonRow> = {
  customer_asked: { text: 'o cliente pediu uma pessoa', category: 'pedido', priority: 'medium' },
  customer_accepted: { text: 'o cliente aceitou falar com uma pessoa', category: 'pedido', priority: 'medium' },
  complaint: { text: 'o cliente está reclamando', category: 'reclamacao', priority: 'high' },
  sensitive: { text: 'o assunto é delicado', category: 'sensivel', priority: 'high' },
  out_of_scope: { text: 'só a equipe pode resolver', category: 'fora-do-escopo', priority: 'medium' },
  model_misbehaved: { text: 'o modelo não conseguiu usar as ferramentas', category: 'falha', priority: 'medium' },
  run_limit: { text: 'o modelo não concluiu dentro do limite', category: 'falha', priority: 'medium' },
  guard_blocked: {
    text: 'a resposta tinha dados sem fonte e não foi enviada',
    category: 'bloqueado',
    priority: 'medium',
  },
  send_undecided: {
    text: 'não foi possível saber se a resposta chegou ao cliente',
    category: 'falha',
    priority: 'high',
  },
  turn_failed: { text: 'a resposta automática falhou', category: 'falha', priority: 'high' },
  media_unread: { text: 'o cliente mandou um arquivo que não pôde ser lido', category: 'arquivo', priority: 'medium' },
  nobody_came: { text: 'ninguém respondeu no prazo', category: 'sem-resposta', priority: 'high' },
};

export const priorityNames: Record<Priority, string> = {
  low: 'baixa',
  medium: 'média',
  high: 'alta',
  urgent: 'urgente',
};

export function labelsFor(tenant: Tenant, reason: HandoffReason): string[] {
  const { category } = reasonRows[reason];
  const fill = (label: string) => label.replaceAll('{category}', category).replaceAll('{reason}', reason);
  return [...new Set(tenant.config.handoff.labels.map(fill))];
}
