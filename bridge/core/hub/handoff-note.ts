// The private note people get with a conversation: why it is theirs, what was said so far, what was tried. Made from what
// is known, without a model: it must be there above all when the model is not.
import type { Handoff, Source } from '../answer.ts';
import type { Exchange } from '../ports/conversation-states.ts';
import type { Tenant } from '../tenant.ts';
import { describeHours, isOpen } from '../tenants/business-hours.ts';
import { clockTime } from './clock-time.ts';
import { priorityNames, reasonRows } from './handoff-reason.ts';

export interface NoteScene {
  tenant: Tenant;
  atMs: number;
  /** What was said so far, the customer's last words included, oldest first. */
  window: readonly Exchange[];
}

const quotedMessages = 3;
const quotedCharacters = 240;

/** `[reason]` stays fixed so that reports can count it. */
export function handoffNote(handoff: Handoff, sources: readonly Source[], scene: NoteScene): string {
  const { text, category, priority } = reasonRows[handoff.reason];
  return [
    `🤝 Atendimento passado para a equipe: ${text} [${handoff.reason}]`,
    handoff.note,
    `Categoria: ${category} · prioridade: ${priorityNames[priority]}`,
    ...summaryOf(scene),
    `Fontes consultadas: ${sources.length === 0 ? 'nenhuma' : sources.map(({ title }) => title).join('; ')}`,
    hoursLine(scene),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function summaryOf({ tenant, window }: NoteScene): string[] {
  const asked = window.filter(({ from }) => from === 'customer');
  const answered = window.filter(({ from }) => from === 'assistant');
  if (asked.length === 0) return [];
  const since = asked[0]?.atMs ? `, desde ${clockTime(tenant, asked[0].atMs)}` : '';
  const last = answered.at(-1);
  const named = namedIn(asked.map(({ text }) => text).join('\n'));
  return [
    `Resumo: ${count(asked.length, 'mensagem', 'mensagens')} do cliente e ${count(answered.length, 'resposta', 'respostas')} do assistente${since}.`,
    ...asked.slice(-quotedMessages).map(({ text }) => `• Cliente: "${cut(text)}"`),
    last ? `• Última resposta do assistente: "${cut(last.text)}"` : '',
    named.length > 0 ? `Citados: ${named.join('; ')}` : '',
  ];
}

function count(amount: number, one: string, many: string): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

const orderNumber =
  /(?<!\p{L})(?:pedido|nota fiscal|nota|nf|protocolo|order|pedido n[º°o.]*)\s*(?:n[º°o.]*|#|:)?\s*(?=[\p{L}\d/-]*\d)[\p{L}\d][\p{L}\d/-]{1,24}/giu;
const mailAddress = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const amount = /R\$\s?\d[\d.,]*\d|R\$\s?\d/g;

/** What a person would look up first. */
function namedIn(text: string): string[] {
  const found = [orderNumber, mailAddress, amount].flatMap((pattern) => text.match(pattern) ?? []);
  return [...new Set(found.map((name) => name.trim()))].slice(0, 6);
}

function hoursLine({ tenant: { config }, atMs }: NoteScene): string {
  const hours = describeHours(config, atMs, 'pt');
  if (hours === null) return '';
  return isOpen(config, atMs) ? `Horário: aberto agora, ${hours}.` : `Horário: fechado agora, abre ${hours}.`;
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= quotedCharacters ? line : `${line.slice(0, quotedCharacters).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
