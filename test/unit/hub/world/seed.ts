// What exists in the simulated Chatwoot before the first message.
export const account = 3;
export const accountId = 'sandra_cosmeticos';
export const inboxes = { whatsapp: 5, web: 6, unlisted: 9 };
/** Who replies in tests; our own user token belongs to somebody else. */
export const person = 'Bia';

export interface SeedOptions {
  surface?: 'agent_bot' | 'account_webhook';
  /** Both webhooks deliver everything, as people set it up by mistake. */
  alsoAccountWebhook?: boolean;
  /** People are at their desks: Chatwoot assigns to them what is opened, in one of its two ways. */
  online?: boolean;
  assignment?: 'v1' | 'v2';
}

export function seed(url: string, version: string, options: SeedOptions) {
  const { surface = 'agent_bot', alsoAccountWebhook = false, online = false, assignment = 'v1' } = options;
  const withBot = surface === 'agent_bot';
  const withHook = !withBot || alsoAccountWebhook;
  return {
    version,
    bot_retry_ms: 20,
    receipt_delay_ms: 0,
    accounts: [
      {
        id: account,
        name: 'Sandra Cosméticos',
        tenant: accountId,
        assignment_engine: assignment,
        bots: [
          {
            name: 'Assistente',
            token: 'bot-token',
            secret: 'bot-secret',
            outgoing_url: url,
            ...(withBot ? {} : { inboxes: [] }),
          },
        ],
        users: [
          { id: 11, name: 'Ana', role: 'administrator' as const, token: 'admin-token' },
          {
            id: 12,
            name: person,
            role: 'agent' as const,
            availability: online ? ('online' as const) : ('offline' as const),
          },
        ],
        webhooks: withHook ? [{ url, secret: 'hook-secret' }] : [],
        inboxes: [
          {
            id: inboxes.whatsapp,
            name: 'WhatsApp',
            channel_type: 'Channel::Whatsapp' as const,
            message_templates: [{ name: 'retomar_conversa', language: 'pt_BR', status: 'APPROVED' }],
          },
          { id: inboxes.web, name: 'Site', channel_type: 'Channel::WebWidget' as const },
          { id: inboxes.unlisted, name: 'Outra', channel_type: 'Channel::Whatsapp' as const },
        ],
        teams: [{ id: 71, name: 'atendimento', members: [12] }],
      },
    ],
  };
}
