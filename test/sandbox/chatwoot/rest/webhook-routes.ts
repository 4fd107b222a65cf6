// REST calls on account webhooks: administrators only, reading too. The description's bare array is not what the code answers.
import type { AccountWebhook, JsonObject } from '../state/model.ts';
import { DEFAULT_SUBSCRIPTIONS } from '../state/seed.ts';
import { randomToken } from '../state/tokens.ts';
import { webhookWrite } from './checks/request-shapes.ts';
import { findInbox } from './find-records.ts';
import { numberOf, objectOf, textOf, textsOf } from './params.ts';
import { invalidRecord, notFound } from './rest-error.ts';
import { ok, type RestAnswer, type RestCall, type Route } from './route.ts';
import { slimInboxView } from './views/inbox-view.ts';

const ALLOWED = [
  ...DEFAULT_SUBSCRIPTIONS,
  'inbox_created',
  'inbox_updated',
  'conversation_typing_on',
  'conversation_typing_off',
];

export const webhookRoutes: Route[] = [
  { endpoint: 'webhooks.list', method: 'GET', path: '/webhooks', admin: true, run: list },
  { endpoint: 'webhooks.create', method: 'POST', path: '/webhooks', admin: true, body: webhookWrite, run: create },
  { endpoint: 'webhooks.update', method: 'PATCH', path: '/webhooks/:id', admin: true, body: webhookWrite, run: update },
  { endpoint: 'webhooks.delete', method: 'DELETE', path: '/webhooks/:id', admin: true, run: remove },
];

function view(call: RestCall, webhook: AccountWebhook) {
  const { id, name, url, accountId, subscriptions, secret } = webhook;
  const inbox = webhook.inboxId === null ? {} : { inbox: slimInboxView(findInbox(call, webhook.inboxId)) };
  return {
    id,
    name,
    url,
    account_id: accountId,
    subscriptions,
    ...(call.world.features.accountDeliveriesSigned ? { secret } : {}),
    ...inbox,
  };
}

function list(call: RestCall): RestAnswer {
  return ok({
    payload: { webhooks: call.world.state.webhooksOf(call.account.id).map((webhook) => view(call, webhook)) },
  });
}

/** Bare or under `webhook`. */
function given(call: RestCall): JsonObject {
  return objectOf(call.body['webhook']) ?? call.body;
}

function checkedUrl(call: RestCall, self: AccountWebhook | null): string {
  const url = textOf(given(call)['url']) ?? self?.url ?? '';
  if (!/^https?:\/\//.test(url)) throw invalidRecord('Url is invalid', ['url']);
  const taken = call.world.state.webhooksOf(call.account.id).some((webhook) => webhook !== self && webhook.url === url);
  if (taken) throw invalidRecord('Url has already been taken', ['url']);
  return url;
}

function checkedSubscriptions(call: RestCall, otherwise: string[]): string[] {
  if (!('subscriptions' in given(call))) return otherwise;
  const wanted = textsOf(given(call)['subscriptions']);
  if (wanted.length === 0 || wanted.some((name) => !ALLOWED.includes(name))) {
    throw invalidRecord('Subscriptions Invalid events', ['subscriptions']);
  }
  return wanted;
}

function create(call: RestCall): RestAnswer {
  const url = checkedUrl(call, null);
  const subscriptions = checkedSubscriptions(call, DEFAULT_SUBSCRIPTIONS);
  const webhook: AccountWebhook = {
    id: call.world.state.takeId('webhook'),
    accountId: call.account.id,
    inboxId: numberOf(given(call)['inbox_id']),
    name: textOf(given(call)['name']),
    url,
    secret: randomToken(),
    subscriptions,
  };
  call.world.state.webhooks.set(webhook.id, webhook);
  return ok({ payload: { webhook: view(call, webhook) } });
}

function found(call: RestCall): AccountWebhook {
  const webhook = call.world.state.webhooks.get(Number(call.params['id']));
  if (webhook?.accountId !== call.account.id) throw notFound();
  return webhook;
}

function update(call: RestCall): RestAnswer {
  const webhook = found(call);
  webhook.url = checkedUrl(call, webhook);
  webhook.subscriptions = checkedSubscriptions(call, webhook.subscriptions);
  if ('name' in given(call)) webhook.name = textOf(given(call)['name']);
  return ok({ payload: { webhook: view(call, webhook) } });
}

function remove(call: RestCall): RestAnswer {
  call.world.state.webhooks.delete(found(call).id);
  return ok();
}
