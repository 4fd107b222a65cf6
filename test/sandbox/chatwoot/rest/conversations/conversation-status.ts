// Status and typing of one conversation over REST. A word outside the enum is an exception nobody rescues: 500.
import { isoTimeOrNull } from '../../payloads/times.ts';
import type { ConversationStatus } from '../../state/model.ts';
import { changeStatus } from '../../transitions/change-status.ts';
import { findConversation } from '../find-records.ts';
import { flagOf, numberOf, textOf } from '../params.ts';
import { serverError } from '../rest-error.ts';
import { ok, type RestAnswer, type RestCall } from '../route.ts';

const STATUSES: readonly string[] = ['open', 'resolved', 'pending', 'snoozed'];

export function isStatus(value: string | null): value is ConversationStatus {
  return value !== null && STATUSES.includes(value);
}

export function toggleStatus(call: RestCall): RestAnswer {
  const conversation = findConversation(call);
  const asked = textOf(call.body['status']);
  // The model raises on an unknown word and nobody rescues it.
  if (asked !== null && !isStatus(asked)) throw serverError();
  const until = call.body['snoozed_until'];
  if (until !== undefined && until !== null && numberOf(until) === null) throw serverError();
  const untilSeconds = numberOf(until);
  const outcome = changeStatus(
    call.world,
    conversation,
    {
      ...(asked === null ? {} : { status: asked }),
      snoozedUntilMs: untilSeconds === null ? null : untilSeconds * 1000,
    },
    call.actor,
  );
  return ok({
    payload: {
      success: outcome === 'handoff' ? null : true,
      conversation_id: conversation.displayId,
      current_status: conversation.status,
      snoozed_until: isoTimeOrNull(conversation.snoozedUntilMs),
    },
  });
}

export function toggleTyping(call: RestCall): RestAnswer {
  const conversation = findConversation(call);
  const wanted = textOf(call.body['typing_status']);
  if (wanted === 'on' || wanted === 'off') {
    call.world.publish({
      name: wanted === 'on' ? 'conversation_typing_on' : 'conversation_typing_off',
      conversation,
      performer:
        call.actor.kind === 'bot'
          ? { kind: 'agent_bot', id: call.actor.bot.id }
          : { kind: 'user', id: call.actor.user.id },
      isPrivate: flagOf(call.body['is_private']),
    });
  }
  return ok();
}
