// What people get when a conversation becomes theirs: a private note with the reason and the summary, and the conversation
// opened. The customer's text went out before, as a reply like any other; opening comes last, since it is what people see.
import type { Answer, Handoff } from '../answer.ts';
import { codeOf } from '../errors.ts';
import type { Logger } from '../ports/logger.ts';
import type { Pass } from './pass.ts';

export async function finishHandoff(logger: Logger, pass: Pass, note: string): Promise<void> {
  await addNote(logger, pass, note);
  await pass.conversations.open(pass.conversation.conversationId, pass.signal);
}

/** A note that is refused for good must not keep the conversation from people. */
export async function addNote(logger: Logger, pass: Pass, note: string): Promise<void> {
  try {
    await pass.conversations.addNote(pass.conversation.conversationId, note, pass.signal);
  } catch (error) {
    if (codeOf(error) !== 'upstream_rejected') throw error;
    logger.warn({ ...pass.conversation, err: error }, 'handoff.note_refused');
  }
}

const reasonTexts: Record<Handoff['reason'], string> = {
  customer_asked: 'o cliente pediu uma pessoa',
  customer_accepted: 'o cliente aceitou falar com uma pessoa',
  model_misbehaved: 'o modelo não conseguiu usar as ferramentas',
  run_limit: 'o modelo não concluiu dentro do limite',
  guard_blocked: 'a resposta tinha dados sem fonte e não foi enviada',
  send_undecided: 'não foi possível saber se a resposta chegou ao cliente',
  turn_failed: 'a resposta automática falhou',
  media_unread: 'o cliente mandou um arquivo que não pôde ser lido',
};

/** In Portuguese, the language of the people who answer; `[reason]` stays fixed so that reports can count it. */
export function noteFor(answer: Pick<Answer, 'handoff' | 'sources'>): string {
  const { handoff, sources } = answer;
  if (!handoff) return '';
  const tried = sources.length === 0 ? 'nenhuma' : sources.map((source) => source.title).join('; ');
  return [
    `🤝 Atendimento passado para a equipe: ${reasonTexts[handoff.reason]} [${handoff.reason}]`,
    handoff.note,
    `Fontes consultadas: ${tried}`,
  ].join('\n');
}
