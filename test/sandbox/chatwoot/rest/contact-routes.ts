// REST calls on contacts: only a user token may make them.
import { buildContact, linkContact } from '../state/build-records.ts';
import { channelAddress } from '../helpers/find-or-make-contact.ts';
import type { Contact, ContactInbox, JsonObject } from '../state/model.ts';
import { isoTime } from '../payloads/times.ts';
import {
  contactInboxCreate,
  contactInboxFilter,
  contactMerge,
  contactWrite,
  destroyAttributes,
  filter,
  labels,
  note,
} from './checks/request-shapes.ts';
import { refuseWithoutAddress } from './conversation-list-routes.ts';
import { filterContacts, isIdentified } from './filter-records.ts';
import { findContact, findInbox, maySee, visibleInboxes } from './find-records.ts';
import { flagOf, numberOf, objectOf, pageOf, pageSlice, textOf, textsOf } from './params.ts';
import { invalidRecord, RestError, unprocessable } from './rest-error.ts';
import { ok, type RestAnswer, type RestCall, type Route } from './route.ts';
import { contactView } from './views/contact-view.ts';
import { conversationView } from './views/conversation-view.ts';
import { inboxView, slimInboxView } from './views/inbox-view.ts';

const PER_PAGE = 15;
const ONE = '/contacts/:id';

export const contactRoutes: Route[] = [
  {
    endpoint: 'contacts.search',
    method: 'GET',
    path: '/contacts/search',
    query: ['q', 'page', 'sort', 'include_contact_inboxes'],
    run: search,
  },
  {
    endpoint: 'contacts.list',
    method: 'GET',
    path: '/contacts',
    query: ['page', 'sort', 'labels', 'include_contact_inboxes'],
    run: list,
  },
  {
    endpoint: 'contacts.filter',
    method: 'POST',
    path: '/contacts/filter',
    query: ['page'],
    body: filter,
    run: runFilter,
  },
  { endpoint: 'contacts.create', method: 'POST', path: '/contacts', body: contactWrite, run: create },
  {
    endpoint: 'contacts.show',
    method: 'GET',
    path: ONE,
    query: ['include_contact_inboxes'],
    run: (call) => ok({ payload: contactView(call.world, found(call)) }),
  },
  { endpoint: 'contacts.update', method: 'PUT', path: ONE, body: contactWrite, run: update },
  { endpoint: 'contacts.update', method: 'PATCH', path: ONE, body: contactWrite, run: update },
  { endpoint: 'contacts.conversations', method: 'GET', path: `${ONE}/conversations`, run: conversations },
  {
    endpoint: 'contacts.labels',
    method: 'GET',
    path: `${ONE}/labels`,
    run: (call) => ok({ payload: found(call).labels }),
  },
  { endpoint: 'contacts.set_labels', method: 'POST', path: `${ONE}/labels`, body: labels, run: setLabels },
  {
    endpoint: 'contacts.notes',
    method: 'GET',
    path: `${ONE}/notes`,
    run: (call) => ok(found(call).notes.map((item) => noteView(item))),
  },
  { endpoint: 'contacts.add_note', method: 'POST', path: `${ONE}/notes`, body: note, run: addNote },
  {
    endpoint: 'contacts.destroy_custom_attributes',
    method: 'POST',
    path: `${ONE}/destroy_custom_attributes`,
    body: destroyAttributes,
    run: destroyCustomAttributes,
  },
  { endpoint: 'contacts.contactable_inboxes', method: 'GET', path: `${ONE}/contactable_inboxes`, run: contactable },
  {
    endpoint: 'contacts.contact_inboxes',
    method: 'POST',
    path: `${ONE}/contact_inboxes`,
    body: contactInboxCreate,
    run: addInbox,
  },
  {
    endpoint: 'contact_inboxes.filter',
    method: 'POST',
    path: '/contact_inboxes/filter',
    body: contactInboxFilter,
    run: byAddress,
  },
  { endpoint: 'contacts.merge', method: 'POST', path: '/actions/contact_merge', body: contactMerge, run: merge },
];

function found(call: RestCall): Contact {
  return findContact(call, Number(call.params['id']));
}

/** Name, e-mail and phone in any case, the identifier exactly; `count` is what stands on this page. */
function search(call: RestCall): RestAnswer {
  const q = (call.query.get('q') ?? '').trim();
  if (q === '') return ok({ meta: { count: null, current_page: 1, has_more: false }, payload: [] });
  const lower = q.toLowerCase();
  const matching = call.world.state
    .contactsOf(call.account.id)
    .filter(
      (contact) =>
        [contact.name, contact.email, contact.phoneNumber].some(
          (value) => value?.toLowerCase().includes(lower) === true,
        ) || contact.identifier?.includes(q) === true,
    );
  const page = pageOf(call.query);
  const shown = pageSlice(matching, page, PER_PAGE);
  const withInboxes = call.query.get('include_contact_inboxes') !== 'false';
  return ok({
    meta: { count: shown.length, current_page: page, has_more: matching.length > page * PER_PAGE },
    payload: shown.map((contact) => contactView(call.world, contact, withInboxes)),
  });
}

function list(call: RestCall): RestAnswer {
  const wanted = call.query.getAll('labels[]');
  const matching = call.world.state
    .contactsOf(call.account.id)
    .filter(isIdentified)
    .filter((contact) => wanted.length === 0 || wanted.some((label) => contact.labels.includes(label)));
  return pageAnswer(call, matching);
}

function runFilter(call: RestCall): RestAnswer {
  return pageAnswer(call, filterContacts(call.world.state.contactsOf(call.account.id), call.body['payload']));
}

/** Here `count` is the total. */
function pageAnswer(call: RestCall, matching: readonly Contact[]): RestAnswer {
  const page = pageOf(call.query);
  return ok({
    meta: { count: matching.length, current_page: page },
    payload: pageSlice(matching, page, PER_PAGE).map((contact) => contactView(call.world, contact)),
  });
}

function create(call: RestCall): RestAnswer {
  refuseDuplicate(call, null);
  const { body } = call;
  const contact = buildContact(
    call.world.state,
    call.account.id,
    {
      name: textOf(body['name']) ?? '',
      email: textOf(body['email']),
      phone_number: textOf(body['phone_number']),
      identifier: textOf(body['identifier']),
      blocked: flagOf(body['blocked']),
      additional_attributes: objectOf(body['additional_attributes']) ?? {},
      custom_attributes: objectOf(body['custom_attributes']) ?? {},
    },
    Date.now(),
  );
  call.world.state.contacts.set(contact.id, contact);
  const inboxId = numberOf(body['inbox_id']);
  const link = inboxId === null ? null : makeLink(call, contact, inboxId, textOf(body['source_id']));
  call.world.publish({ name: 'contact_created', contact });
  const inbox = link === null ? null : slimInboxView(findInbox(call, link.inboxId));
  return ok({
    payload: { contact: contactView(call.world, contact), contact_inbox: { inbox, source_id: link?.sourceId ?? null } },
  });
}

function makeLink(call: RestCall, contact: Contact, inboxId: number, sourceId: string | null): ContactInbox {
  const inbox = findInbox(call, inboxId);
  const known = call.world.state.contactInboxesOf(contact.id).find((link) => link.inboxId === inbox.id);
  if (known !== undefined) return known;
  if (sourceId !== null && call.world.state.findContactInbox(inbox.id, sourceId) !== undefined) {
    throw unprocessable('source_id should be unique');
  }
  if (sourceId === null) refuseWithoutAddress(inbox.channelType, contact);
  return linkContact(call.world.state, contact, inbox, sourceId ?? channelAddress(inbox, contact), Date.now());
}

const UNIQUE_KEYS = { email: 'Email', phone_number: 'Phone number', identifier: 'Identifier' } as const;

function refuseDuplicate(call: RestCall, self: Contact | null): void {
  const phone = textOf(call.body['phone_number']);
  if (phone !== null && phone !== '' && !/^\+[1-9]\d{1,14}$/.test(phone)) {
    throw invalidRecord('Phone number should be in e164 format', ['phone_number']);
  }
  for (const contact of call.world.state.contactsOf(call.account.id)) {
    if (contact === self) continue;
    const known: JsonObject = {
      email: contact.email,
      phone_number: contact.phoneNumber,
      identifier: contact.identifier,
    };
    for (const [key, label] of Object.entries(UNIQUE_KEYS)) {
      const wanted = textOf(call.body[key]);
      if (wanted !== null && wanted === known[key]) throw invalidRecord(`${label} has already been taken`, [key]);
    }
  }
}

/** Attributes are merged on the first level, unlike a conversation's. */
function update(call: RestCall): RestAnswer {
  const contact = found(call);
  refuseDuplicate(call, contact);
  const { body } = call;
  if ('name' in body) contact.name = textOf(body['name']) ?? '';
  if ('email' in body) contact.email = textOf(body['email']);
  if ('phone_number' in body) contact.phoneNumber = textOf(body['phone_number']);
  if ('identifier' in body) contact.identifier = textOf(body['identifier']);
  if ('blocked' in body) contact.blocked = flagOf(body['blocked']);
  contact.additionalAttributes = { ...contact.additionalAttributes, ...objectOf(body['additional_attributes']) };
  contact.customAttributes = { ...contact.customAttributes, ...objectOf(body['custom_attributes']) };
  call.world.publish({
    name: 'contact_updated',
    contact,
    changed: [{ updated_at: { previous_value: null, current_value: isoTime(Date.now()) } }],
  });
  return ok({ payload: contactView(call.world, contact) });
}

function conversations(call: RestCall): RestAnswer {
  const contact = found(call);
  const own = call.world.state
    .conversationsOf(call.account.id)
    .filter((conversation) => conversation.contactId === contact.id && maySee(call, conversation));
  const newest = own.sort((left, right) => right.lastActivityAtMs - left.lastActivityAtMs).slice(0, 20);
  return ok({ payload: newest.map((conversation) => conversationView(call, conversation)) });
}

function setLabels(call: RestCall): RestAnswer {
  const contact = found(call);
  contact.labels = textsOf(call.body['labels']);
  return ok({ payload: contact.labels });
}

function noteView(item: Contact['notes'][number]) {
  return { id: item.id, content: item.content, user_id: item.userId, created_at: Math.floor(item.createdAtMs / 1000) };
}

function addNote(call: RestCall): RestAnswer {
  const contact = found(call);
  const item = {
    id: call.world.state.takeId('note'),
    content: textOf(call.body['content']) ?? '',
    userId: call.actor.kind === 'user' ? call.actor.user.id : null,
    createdAtMs: Date.now(),
  };
  contact.notes.push(item);
  return ok(noteView(item));
}

function destroyCustomAttributes(call: RestCall): RestAnswer {
  const contact = found(call);
  const gone = textsOf(call.body['custom_attributes']);
  contact.customAttributes = Object.fromEntries(
    Object.entries(contact.customAttributes).filter(([key]) => !gone.includes(key)),
  );
  return ok({ payload: contactView(call.world, contact) });
}

function contactable(call: RestCall): RestAnswer {
  const contact = found(call);
  const own = call.world.state.contactInboxesOf(contact.id);
  const reachable = visibleInboxes(call).flatMap((inbox) => {
    const sourceId =
      own.find((link) => link.inboxId === inbox.id)?.sourceId ??
      (contact.phoneNumber === null ? null : channelAddress(inbox, contact));
    return sourceId === null ? [] : [{ inbox: inboxView(call.world, inbox, false), source_id: sourceId }];
  });
  return ok({ payload: reachable });
}

function addInbox(call: RestCall): RestAnswer {
  const link = makeLink(call, found(call), numberOf(call.body['inbox_id']) ?? 0, textOf(call.body['source_id']));
  return ok({ source_id: link.sourceId, inbox: slimInboxView(findInbox(call, link.inboxId)) });
}

/** 404 with an empty body when there is none. */
function byAddress(call: RestCall): RestAnswer {
  const link = call.world.state.findContactInbox(
    numberOf(call.body['inbox_id']) ?? 0,
    textOf(call.body['source_id']) ?? '',
  );
  if (link === undefined) throw new RestError(404, undefined);
  return ok(contactView(call.world, findContact(call, link.contactId)));
}

/** The base wins where both have a value; every old message of the other contact raises an update. */
function merge(call: RestCall): RestAnswer {
  const base = findContact(call, numberOf(call.body['base_contact_id']) ?? 0);
  const gone = findContact(call, numberOf(call.body['mergee_contact_id']) ?? 0);
  const { state } = call.world;
  base.email ??= gone.email;
  base.phoneNumber ??= gone.phoneNumber;
  base.identifier ??= gone.identifier;
  base.additionalAttributes = { ...gone.additionalAttributes, ...base.additionalAttributes };
  base.customAttributes = { ...gone.customAttributes, ...base.customAttributes };
  base.notes.push(...gone.notes);
  state.moveContactInboxes(gone.id, base.id);
  for (const conversation of state
    .conversationsOf(call.account.id)
    .filter((candidate) => candidate.contactId === gone.id)) {
    conversation.contactId = base.id;
    for (const message of conversation.messages.filter((candidate) => candidate.senderType === 'Contact')) {
      message.senderId = base.id;
      call.world.publish({ name: 'message_updated', conversation, message });
    }
  }
  state.contacts.delete(gone.id);
  call.world.publish({
    name: 'contact_updated',
    contact: base,
    changed: [{ updated_at: { previous_value: null, current_value: isoTime(Date.now()) } }],
  });
  return ok(contactView(call.world, base));
}
