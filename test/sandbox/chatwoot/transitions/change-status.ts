// toggle_status and everything like it. The same call means different things by caller: a bot token opening a pending
// conversation is a hand-over to people, a person of role agent who opens takes the conversation for himself.
// Source: conversations controller and model as read in upstream 4.15.1; owner rules since 4.16.2 by flag.
import type { Conversation, ConversationStatus } from '../state/model.ts';
import type { World } from '../world.ts';
import { addActivity } from './activity.ts';
import type { Actor } from './actor.ts';
import { sendSurvey } from './inbox-templates.ts';
import { type ConversationPatch, saveConversation } from './save-conversation.ts';

export interface StatusChange {
  /** Absent: open becomes resolved, everything else becomes open. */
  status?: ConversationStatus;
  snoozedUntilMs?: number | null;
}

/** @returns `handoff` when this was the bot's hand-over (Chatwoot then answers `success: null`) */
export function changeStatus(
  world: World,
  conversation: Conversation,
  change: StatusChange,
  actor: Actor,
): 'handoff' | 'saved' {
  const status = change.status ?? (conversation.status === 'open' ? 'resolved' : 'open');
  const handoff = actor.kind === 'bot' && conversation.status === 'pending' && change.status === 'open';
  if (handoff) startWaiting(world, conversation);
  const changed = conversation.status !== status;
  saveConversation(world, conversation, statusPatch(world, conversation, status, change, actor));
  if (changed) addActivity(world, conversation, status, actor);
  if (changed && status === 'resolved') sendSurvey(world, conversation);
  if (status === 'open') takeForOpener(world, conversation, actor);
  return handoff ? 'handoff' : 'saved';
}

/** A failed bot delivery throws the bot out: open, owners untouched, no hand-over event. */
export function openAfterBotFailure(world: World, conversation: Conversation): void {
  if (conversation.status !== 'pending') return;
  if (world.state.accounts.get(conversation.accountId)?.keepPendingOnBotFailure === true) return;
  saveConversation(world, conversation, { status: 'open' });
  addActivity(world, conversation, 'bot_failure', { kind: 'system' });
}

function startWaiting(world: World, conversation: Conversation): void {
  if (world.features.handoffSetsWaiting && conversation.waitingSinceMs === null) {
    saveConversation(world, conversation, { waitingSinceMs: Date.now() });
  }
}

function statusPatch(
  world: World,
  conversation: Conversation,
  status: ConversationStatus,
  change: StatusChange,
  actor: Actor,
): ConversationPatch {
  const patch: ConversationPatch = { status };
  if (status === 'snoozed') patch.snoozedUntilMs = change.snoozedUntilMs ?? null;
  const releases = actor.kind === 'user' || (actor.kind === 'bot' && conversation.status === 'pending');
  if (status === 'open' && releases && world.features.openingReleasesBot) patch.agentBotId = null;
  return patch;
}

/** A person of role agent becomes the assignee of whatever he opens, even if it was open or somebody else's. */
function takeForOpener(world: World, conversation: Conversation, actor: Actor): void {
  if (actor.kind !== 'user' || actor.role !== 'agent') return;
  const changed = saveConversation(world, conversation, { assigneeId: actor.user.id });
  if (changed) addActivity(world, conversation, 'assigned', actor, actor.user.name);
}
