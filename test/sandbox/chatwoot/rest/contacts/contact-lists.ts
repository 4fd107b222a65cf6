// The lists of contacts: search by part of a word, all, and by filter. They count differently on purpose, as Chatwoot does.
import type { Contact } from '../../state/model.ts';
import { filterContacts, isIdentified } from '../filter-records.ts';
import { pageOf, pageSlice } from '../params.ts';
import { ok, type RestAnswer, type RestCall } from '../route.ts';
import { contactView } from '../views/contact-view.ts';

const PER_PAGE = 15;

/** Name, e-mail and phone in any case, the identifier exactly; `count` is what stands on this page. */
export function searchContacts(call: RestCall): RestAnswer {
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

export function listContacts(call: RestCall): RestAnswer {
  const wanted = call.query.getAll('labels[]');
  const matching = call.world.state
    .contactsOf(call.account.id)
    .filter(isIdentified)
    .filter((contact) => wanted.length === 0 || wanted.some((label) => contact.labels.includes(label)));
  return pageAnswer(call, matching);
}

export function filterContactList(call: RestCall): RestAnswer {
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
