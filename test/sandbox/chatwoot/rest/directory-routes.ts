// REST calls on what people set up once: account, agents, teams, labels, attribute definitions, canned responses.
import type { Team } from '../state/model.ts';
import { bulkAction, label, team, teamMembers } from './checks/request-shapes.ts';
import { runBulkAction } from './bulk-action.ts';
import { numbersOf, textOf } from './params.ts';
import { invalidRecord, notFound } from './rest-error.ts';
import { ok, type RestAnswer, type RestCall, type Route } from './route.ts';
import { agentView } from './views/agent-view.ts';
import { teamView } from './views/team-view.ts';

export const directoryRoutes: Route[] = [
  { endpoint: 'account.show', method: 'GET', path: '', run: account },
  {
    endpoint: 'agents.list',
    method: 'GET',
    path: '/agents',
    run: (call) => ok(call.world.state.usersOf(call.account.id).map((user) => agentView(user, call.account))),
  },
  {
    endpoint: 'teams.list',
    method: 'GET',
    path: '/teams',
    run: (call) => ok(call.world.state.teamsOf(call.account.id).map((item) => view(call, item))),
  },
  { endpoint: 'teams.create', method: 'POST', path: '/teams', admin: true, body: team, run: createTeam },
  { endpoint: 'teams.show', method: 'GET', path: '/teams/:id', run: (call) => ok(view(call, findTeam(call))) },
  { endpoint: 'teams.members', method: 'GET', path: '/teams/:id/team_members', run: listMembers },
  {
    endpoint: 'teams.add_members',
    method: 'POST',
    path: '/teams/:id/team_members',
    admin: true,
    body: teamMembers,
    run: addMembers,
  },
  {
    endpoint: 'labels.list',
    method: 'GET',
    path: '/labels',
    run: (call) => ok({ payload: call.world.state.labelsOf(call.account.id).map(labelView) }),
  },
  { endpoint: 'labels.create', method: 'POST', path: '/labels', admin: true, body: label, run: createLabel },
  {
    endpoint: 'custom_attribute_definitions.list',
    method: 'GET',
    path: '/custom_attribute_definitions',
    query: ['attribute_model'],
    run: () => ok([]),
  },
  { endpoint: 'canned_responses.list', method: 'GET', path: '/canned_responses', query: ['search'], run: () => ok([]) },
  { endpoint: 'bulk_actions.create', method: 'POST', path: '/bulk_actions', body: bulkAction, run: runBulkAction },
];

function account(call: RestCall): RestAnswer {
  const { id, name, locale } = call.account;
  return ok({
    id,
    name,
    locale,
    domain: null,
    support_email: null,
    status: 'active',
    created_at: new Date(0).toISOString(),
    features: {},
    settings: {},
    custom_attributes: {},
    cache_keys: {},
  });
}

function view(call: RestCall, item: Team) {
  return teamView(call.world, item, call.actor.kind === 'user' ? call.actor.user.id : null);
}

function findTeam(call: RestCall): Team {
  const found = call.world.state.teams.get(Number(call.params['id']));
  if (found?.accountId !== call.account.id) throw notFound();
  return found;
}

/** Names are stored in lower case. */
function createTeam(call: RestCall): RestAnswer {
  const name = (textOf(call.body['name']) ?? '').toLowerCase();
  if (name === '') throw invalidRecord('Name must not be blank', ['name']);
  if (call.world.state.teamsOf(call.account.id).some((known) => known.name === name)) {
    throw invalidRecord('Name has already been taken', ['name']);
  }
  const created: Team = {
    id: call.world.state.takeId('team'),
    accountId: call.account.id,
    name,
    description: textOf(call.body['description']),
    allowAutoAssign: call.body['allow_auto_assign'] !== false,
    memberIds: [],
  };
  call.world.state.teams.set(created.id, created);
  return ok(view(call, created));
}

function listMembers(call: RestCall): RestAnswer {
  const users = findTeam(call).memberIds.flatMap((id) => call.world.state.users.get(id) ?? []);
  return ok(users.map((user) => agentView(user, call.account)));
}

function addMembers(call: RestCall): RestAnswer {
  const found = findTeam(call);
  found.memberIds = [...new Set([...found.memberIds, ...numbersOf(call.body['user_ids'])])];
  return listMembers(call);
}

function labelView(item: { id: number; title: string; description: string | null; color: string }) {
  return { id: item.id, title: item.title, description: item.description, color: item.color, show_on_sidebar: true };
}

function createLabel(call: RestCall): RestAnswer {
  const title = (textOf(call.body['title']) ?? '').toLowerCase();
  if (!/^[\p{L}\p{N}_-]+$/u.test(title)) throw invalidRecord('Title is invalid', ['title']);
  if (call.world.state.labelsOf(call.account.id).some((known) => known.title === title)) {
    throw invalidRecord('Title has already been taken', ['title']);
  }
  const created = {
    id: call.world.state.takeId('label'),
    accountId: call.account.id,
    title,
    description: textOf(call.body['description']),
    color: textOf(call.body['color']) ?? '#1f93ff',
  };
  call.world.state.labels.set(created.id, created);
  return ok(labelView(created));
}
