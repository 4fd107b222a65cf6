// Calls outside an account: version, profile, and the public client API of API inboxes.
import type { World } from '../world.ts';
import type { TokenOwner } from './authenticate.ts';
import type { ParsedBody } from './parse-body.ts';
import { publicCall } from './public/public-routes.ts';
import { notForBots, notSignedIn, unknownToken } from './rest-error.ts';
import { ok, type RestAnswer, type Route } from './route.ts';

export interface OtherCall {
  endpoint: string;
  route: Pick<Route, 'query' | 'body'>;
  run(body: ParsedBody): RestAnswer;
}

export function answerOtherCalls(world: World, method: string, url: URL, owner: TokenOwner): OtherCall | null {
  if (method === 'GET' && url.pathname === '/api') {
    return { endpoint: 'api.version', route: {}, run: () => ok(version(world)) };
  }
  if (method === 'GET' && url.pathname === '/api/v1/profile') {
    return { endpoint: 'profile.show', route: {}, run: () => ok(profile(world, owner)) };
  }
  return publicCall(world, method, url);
}

function version(world: World) {
  return {
    version: world.features.version,
    timestamp: new Date().toISOString(),
    queue_services: 'ok',
    data_services: 'ok',
  };
}

function profile(world: World, owner: TokenOwner) {
  if (owner.kind === 'none') throw notSignedIn();
  if (owner.kind === 'unknown') throw unknownToken();
  if (owner.kind === 'bot') throw notForBots();
  const { user } = owner;
  const accounts = [...user.roles].flatMap(([accountId, role]) => {
    const account = world.state.accounts.get(accountId);
    if (account === undefined) return [];
    return [
      {
        id: account.id,
        name: account.name,
        status: 'active',
        role,
        permissions: [role],
        availability: user.availability,
        availability_status: user.availability,
        auto_offline: true,
      },
    ];
  });
  return {
    access_token: user.token,
    account_id: accounts[0]?.id ?? null,
    available_name: user.name,
    avatar_url: '',
    confirmed: true,
    email: user.email,
    id: user.id,
    name: user.name,
    provider: 'email',
    pubsub_token: 'pubsub-not-used-here',
    role: accounts[0]?.role ?? null,
    type: null,
    uid: user.email,
    accounts,
  };
}
