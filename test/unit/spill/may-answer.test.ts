// When a turn that cannot read our own memory may answer, and when it waits for the shared stores.
import assert from 'node:assert/strict';
import type { Exchange } from '../../../bridge/core/ports/conversation-states.ts';
import type { LiveConversation } from '../../../bridge/core/ports/conversations.ts';
import { mayAnswer } from '../../../bridge/core/spill/may-answer.ts';
import { TenantConfig } from '../../../bridge/core/tenant.ts';
import type { Tenant } from '../../../bridge/core/tenant.ts';
import { readyTenant } from '../../../bridge/core/tenants/ready-tenant.ts';

function tenantOn(surface: 'agent_bot' | 'account_webhook'): Tenant {
  const chatwoot = {
    base_url: 'http://chatwoot.test',
    account_id: 1,
    surface,
    inboxes: [5],
    credential_ref: 'chatwoot',
  };
  const config = TenantConfig.parse({ account_id: 'loja', name: 'Loja', integrations: { chatwoot } });
  return readyTenant(config, { accountId: 'loja', domain: 'retail', revision: 0, managedBy: 'file' });
}

const bot = tenantOn('agent_bot');
const hook = tenantOn('account_webhook');

function live(more: Partial<LiveConversation> = {}): LiveConversation {
  const ids = { lastMessageId: 9, personMessageId: 0, ownTurnId: null };
  return { status: 'pending', assignee: null, teamId: null, canReply: true, ...ids, ...more };
}

function said(...from: Exchange['from'][]): Exchange[] {
  return from.map((who, index) => ({ from: who, text: 'x', atMs: 0, messageId: index + 1 }));
}

const person = { kind: 'person', id: 12 } as const;

describe('without our own memory', () => {
  it('a pending conversation is answered from our last reply on', () => {
    assert.deepEqual(mayAnswer(bot, live(), said('customer', 'assistant', 'customer', 'note')), {
      kind: 'ours',
      afterMessageId: 2,
    });
  });

  it('a new conversation is answered from its beginning', () => {
    assert.deepEqual(mayAnswer(bot, live(), said('customer')), { kind: 'ours', afterMessageId: 0 });
  });

  it('a returning customer is answered although the old assignee still stands there', () => {
    assert.equal(mayAnswer(bot, live({ assignee: person }), said('customer')).kind, 'ours');
  });

  it('an open conversation that belongs to nobody is answered where no bot is linked', () => {
    assert.equal(mayAnswer(hook, live({ status: 'open' }), said('assistant', 'customer')).kind, 'ours');
  });

  const unsure: [string, Tenant, LiveConversation | 'people' | 'unreadable', Exchange[] | null][] = [
    ['messages cannot be read', bot, live(), null],
    ['the conversation cannot be read', bot, 'unreadable', said('customer')],
    ['people have it', bot, 'people', said('customer')],
    ['it is open', bot, live({ status: 'open' }), said('customer')],
    ['the window is closed', bot, live({ canReply: false }), said('customer')],
    ['another bot has it', bot, live({ assignee: { kind: 'other_bot', id: 4 } }), said('customer')],
    ['the last reply is a person’s', bot, live(), said('assistant', 'customer', 'person', 'customer')],
    ['a person holds it', hook, live({ status: 'open', assignee: person }), said('customer')],
    ['a team has it', hook, live({ status: 'open', teamId: 3 }), said('customer')],
    ['a person wrote there', hook, live({ status: 'open' }), said('person', 'customer')],
    ['a note tells of a handoff', hook, live({ status: 'open' }), said('assistant', 'note', 'customer')],
    ['it waits to be given back', hook, live(), said('customer')],
  ];
  for (const [why, tenant, facts, page] of unsure) {
    it(`nothing is said when ${why}`, () => assert.equal(mayAnswer(tenant, facts, page).kind, 'unsure'));
  }
});
