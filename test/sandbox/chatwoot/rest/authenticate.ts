// Who is calling, in the order Chatwoot asks: token known, bot allowed on this endpoint, account known, member of it, role.
import type { IncomingHttpHeaders } from 'node:http';
import type { Account, AgentBot, User } from '../state/model.ts';
import type { Actor } from '../transitions/actor.ts';
import type { World } from '../world.ts';
import { notAllowed, notFound, notForBots, notMember, notSignedIn, unknownToken } from './rest-error.ts';
import type { TokenKind } from './request-log.ts';
import type { Route } from './route.ts';

export type TokenOwner =
  { kind: 'user'; user: User } | { kind: 'bot'; bot: AgentBot } | { kind: 'none' } | { kind: 'unknown' };

/** Rack maps dashes and underscores alike, so both spellings of the header work. Bearer tokens do not. */
export function tokenOwner(world: World, headers: IncomingHttpHeaders): TokenOwner {
  const header = headers['api_access_token'] ?? headers['api-access-token'];
  const token = Array.isArray(header) ? header[0] : header;
  if (token === undefined || token === '') return { kind: 'none' };
  for (const user of world.state.users.values()) if (user.token === token) return { kind: 'user', user };
  for (const bot of world.state.bots.values()) if (bot.token === token) return { kind: 'bot', bot };
  return { kind: 'unknown' };
}

export function describeOwner(owner: TokenOwner): { tokenKind: TokenKind; tokenOwner: string | null } {
  switch (owner.kind) {
    case 'user':
      return { tokenKind: 'user', tokenOwner: owner.user.name };
    case 'bot':
      return { tokenKind: 'bot', tokenOwner: owner.bot.name };
    case 'none':
    case 'unknown':
      return { tokenKind: owner.kind, tokenOwner: null };
  }
}

/** @throws RestError in Chatwoot's own words */
export function authorise(
  world: World,
  owner: TokenOwner,
  route: Route,
  accountId: number,
): { account: Account; actor: Extract<Actor, { kind: 'user' | 'bot' }> } {
  if (owner.kind === 'none') throw notSignedIn();
  if (owner.kind === 'unknown') throw unknownToken();
  if (owner.kind === 'bot' && !botAllowed(world, route)) throw notForBots();
  const account = world.state.accounts.get(accountId);
  if (account === undefined) throw notFound();
  if (owner.kind === 'bot') {
    if (!botBelongs(world, owner.bot, account)) throw notMember('bot');
    return { account, actor: { kind: 'bot', bot: owner.bot } };
  }
  const role = owner.user.roles.get(account.id);
  if (role === undefined) throw notMember('user');
  if (route.admin === true && role !== 'administrator') throw notAllowed();
  return { account, actor: { kind: 'user', user: owner.user, role } };
}

function botAllowed(world: World, route: Route): boolean {
  if (route.bot === undefined) return false;
  return route.bot === true || world.features[route.bot] === true;
}

function botBelongs(world: World, bot: AgentBot, account: Account): boolean {
  return bot.accountId === account.id || world.state.inboxesOf(account.id).some((inbox) => inbox.agentBotId === bot.id);
}
