// REST calls on contacts: only a user token may make them.
import type { Contact } from '../../state/model.ts';
import {
  contactInboxCreate,
  contactInboxFilter,
  contactMerge,
  contactWrite,
  destroyAttributes,
  filter,
  labels,
  note,
} from '../checks/request-shapes.ts';
import { findContact, maySee } from '../find-records.ts';
import { textOf, textsOf } from '../params.ts';
import { ok, type RestAnswer, type RestCall, type Route } from '../route.ts';
import { contactView } from '../views/contact-view.ts';
import { conversationView } from '../views/conversation-view.ts';
import { addInbox, contactableInboxes, findByAddress } from './contact-links.ts';
import { filterContactList, listContacts, searchContacts } from './contact-lists.ts';
import { createContact, deleteContact, mergeContacts, updateContact } from './contact-writes.ts';

const ONE = '/contacts/:id';

export const contactRoutes: Route[] = [
  {
    endpoint: 'contacts.search',
    method: 'GET',
    path: '/contacts/search',
    query: ['q', 'page', 'sort', 'include_contact_inboxes'],
    run: searchContacts,
  },
  {
    endpoint: 'contacts.list',
    method: 'GET',
    path: '/contacts',
    query: ['page', 'sort', 'labels', 'include_contact_inboxes'],
    run: listContacts,
  },
  {
    endpoint: 'contacts.filter',
    method: 'POST',
    path: '/contacts/filter',
    query: ['page'],
    body: filter,
    run: filterContactList,
  },
  { endpoint: 'contacts.create', method: 'POST', path: '/contacts', body: contactWrite, run: createContact },
  {
    endpoint: 'contacts.show',
    method: 'GET',
    path: ONE,
    query: ['include_contact_inboxes'],
    run: (call) => ok({ payload: contactView(call.world, found(call)) }),
  },
  { endpoint: 'contacts.update', method: 'PUT', path: ONE, body: contactWrite, run: updateContact },
  { endpoint: 'contacts.update', method: 'PATCH', path: ONE, body: contactWrite, run: updateContact },
  { endpoint: 'contacts.delete', method: 'DELETE', path: ONE, admin: true, run: deleteContact },
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
  {
    endpoint: 'contacts.contactable_inboxes',
    method: 'GET',
    path: `${ONE}/contactable_inboxes`,
    run: contactableInboxes,
  },
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
    run: findByAddress,
  },
  {
    endpoint: 'contacts.merge',
    method: 'POST',
    path: '/actions/contact_merge',
    body: contactMerge,
    run: mergeContacts,
  },
];

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

function found(call: RestCall): Contact {
  return findContact(call, Number(call.params['id']));
}
