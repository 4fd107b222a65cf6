// An inbox as the REST API shows it: common settings, what its channel adds, and secrets for administrators only.
import type { Inbox } from '../../state/model.ts';
import type { World } from '../../world.ts';

export function inboxView(world: World, inbox: Inbox, forAdmin: boolean) {
  return {
    id: inbox.id,
    avatar_url: '',
    channel_id: inbox.channelId,
    name: inbox.name,
    channel_type: inbox.channelType,
    ...inbox.settings,
    auto_assignment_config: {},
    provider: inbox.provider,
    phone_number: inbox.phoneNumber,
    ...channelKeys(world, inbox, forAdmin),
  };
}

export function slimInboxView(inbox: Inbox) {
  return {
    id: inbox.id,
    avatar_url: '',
    channel_id: inbox.channelId,
    name: inbox.name,
    channel_type: inbox.channelType,
    provider: inbox.provider,
  };
}

function channelKeys(world: World, inbox: Inbox, forAdmin: boolean) {
  switch (inbox.channelType) {
    case 'Channel::Api': {
      const secret = world.features.botAndApiDeliveriesSigned ? { secret: inbox.secret } : {};
      return {
        inbox_identifier: inbox.inboxIdentifier,
        webhook_url: inbox.webhookUrl,
        additional_attributes: inbox.channelAttributes,
        ...(forAdmin ? { hmac_token: inbox.hmacToken, ...secret } : {}),
      };
    }
    case 'Channel::Whatsapp':
      return { message_templates: inbox.messageTemplates, ...(forAdmin ? { provider_config: {} } : {}) };
    case 'Channel::TwilioSms':
      return { medium: inbox.medium, content_templates: { templates: inbox.messageTemplates } };
    case 'Channel::WebWidget':
      return {
        website_token: `widget-${inbox.id}`,
        website_url: 'https://www.example.org',
        widget_color: '#1f93ff',
        hmac_mandatory: false,
        continuity_via_email: true,
      };
    case 'Channel::Email':
      return { email: `inbox-${inbox.id}@example.org`, forward_to_email: `inbox-${inbox.id}@forward.example.org` };
    default:
      return {};
  }
}
