// Settings of a Chatwoot that fight with an assistant: texts it sends beside ours, people it puts into conversations that are
// ours, inboxes nobody linked. Each with what a person does about it.
import type { SetupWarning } from '../../../core/ports/conversation-setup.ts';
import type { TenantConfig } from '../../../core/tenant.ts';
import type { AdminCalls, Inbox } from './admin-calls.ts';

type ChatwootConfig = NonNullable<TenantConfig['integrations']['chatwoot']>;

/** Which bot an inbox has is asked inbox by inbox. */
const inboxesLookedAt = 30;

export async function settingsThatFight(calls: AdminCalls, config: ChatwootConfig): Promise<SetupWarning[]> {
  const found = await calls.inboxes();
  const warnings: SetupWarning[] = [];
  for (const { id } of config.inboxes.slice(0, inboxesLookedAt)) {
    const inbox = found.find((each) => each.id === id);
    if (!inbox) {
      warnings.push({
        about: `inbox ${id}`,
        message: 'There is no such inbox, or our user token may not see it',
        fix: 'Correct the number in the tenant, or make the user a member of the inbox in Chatwoot',
      });
      continue;
    }
    warnings.push(...settingsOf(inbox, config.surface));
    if (config.surface === 'agent_bot' && !(await calls.botOf(id))) warnings.push(unlinked(inbox));
  }
  return warnings;
}

function settingsOf(inbox: Inbox, surface: ChatwootConfig['surface']): SetupWarning[] {
  return rules.flatMap(({ applies, message, fix }) =>
    applies(inbox, surface) ? [{ about: nameOf(inbox), message, fix }] : [],
  );
}

interface Rule {
  applies: (inbox: Inbox, surface: ChatwootConfig['surface']) => boolean;
  message: string;
  fix: string;
}

const rules: Rule[] = [
  {
    applies: ({ enable_email_collect: on, channel_type: type }) => on === true && type === 'Channel::WebWidget',
    message: 'The e-mail collect box asks every new visitor for an address, beside the first answer of the assistant',
    fix: 'Switch "Enable email collect box" off in the settings of the inbox',
  },
  {
    applies: ({ greeting_enabled: on }) => on === true,
    message: 'The channel greeting is sent beside the assistant’s own greeting',
    fix: 'Switch "Enable channel greeting" off in the settings of the inbox',
  },
  {
    applies: ({ working_hours_enabled: on, out_of_office_message: text }) => on === true && Boolean(text?.trim()),
    message: 'Outside business hours the out-of-office text is sent although the assistant answers',
    fix: 'Empty the unavailable message under Business hours of the inbox; the tenant’s own hours tell the assistant',
  },
  {
    applies: ({ csat_survey_enabled: on }) => on === true,
    message: 'A satisfaction survey is sent whenever a conversation is resolved, also when the assistant resolves it',
    fix: 'Limit the survey by a label rule under CSAT of the inbox, or leave rating_request empty in the tenant',
  },
  {
    applies: ({ enable_auto_assignment: on }, surface) => on === true && surface === 'account_webhook',
    message: 'Auto-assignment gives new conversations to a person at once, and then the assistant stays silent',
    fix: 'Switch "Enable auto assignment" off under Collaborators of the inbox, or connect as an agent bot',
  },
  {
    applies: ({ enable_auto_assignment: on }, surface) => on === true && surface === 'agent_bot',
    message:
      'Auto-assignment picks a person as soon as the assistant hands over, among all who are online in this inbox',
    fix: 'Name a team under handoff in the tenant so that only its members are picked, or switch "Enable auto assignment" off',
  },
  {
    applies: ({ lock_to_single_conversation: on }) => on === true,
    message: 'One conversation a contact for ever: who comes back finds the person of last time still assigned',
    fix: 'Switch "Lock to single conversation" off, or let people unassign themselves when they resolve',
  },
];

function unlinked(inbox: Inbox): SetupWarning {
  return {
    about: nameOf(inbox),
    message: 'No bot is linked to this inbox: its conversations start as people’s and the assistant hears nothing',
    fix: 'Call chatwoot.connect for it, or choose the bot under Bot configuration of the inbox',
  };
}

function nameOf({ id, name }: Inbox): string {
  return `inbox ${id} (${name})`;
}
