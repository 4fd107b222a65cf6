import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BridgeError } from '../../../bridge/core/errors.ts';
import {
  conversation,
  gatewayText,
  instagramPicture,
  ownEcho,
  personAssigned,
  personsReply,
  phoneEcho,
  statusEvents,
  whatsappText,
} from './example-payloads.ts';
import { message, ownership, readBytes, reason, read } from './reading.ts';

describe('what is not ours to answer', () => {
  it('surveys and calls are named', () => {
    assert.equal(reason(whatsappText({ content_type: 'input_csat' })), 'input_csat');
    assert.equal(reason(whatsappText({ content_type: 'voice_call' })), 'voice_call');
  });

  it('the made-up contact of a gateway is never answered, and a customer of that name is', () => {
    const init = { id: 9, name: 'EvolutionAPI', phone_number: '+123456', identifier: null };
    assert.equal(reason(gatewayText({ sender: init, content: 'QRCode generated' })), 'gateway_talk');
    assert.equal(message(gatewayText({ sender: { ...init, phone_number: '+5511999990000' } })).text, 'opa, tudo bem?');
  });

  it('another Chatwoot account is refused in every event', () => {
    const other = { account: { id: 8, name: 'Vizinho' }, conversation: conversation({ account: { id: 8 } }) };
    const payloads = [
      whatsappText(other),
      personsReply(other),
      ownEcho(other),
      whatsappText({ ...other, event: 'message_updated' }),
    ];
    for (const payload of payloads) assert.equal(reason(payload), 'other_account');
    assert.equal(reason(personAssigned({ account: { id: 8 } })), 'other_account');
  });

  it('servers that name the account only inside the message are checked too', () => {
    const old = (account_id: number) => ({ account: null, messages: [{ account_id }] });
    assert.equal(reason(personAssigned(old(8))), 'other_account');
    assert.equal(ownership(personAssigned(old(7))).change, 'assignee_changed');
    const inside = conversation({ account: null, messages: [{ id: 1, account_id: 8 }] });
    assert.equal(reason(whatsappText({ account: null, conversation: inside })), 'other_account');
  });

  it('every other event has a name and no conversation', () => {
    const reasons: Record<string, string> = {
      conversation_created: 'conversation_created',
      webwidget_triggered: 'widget_opened',
      conversation_typing_on: 'typing',
      conversation_typing_off: 'typing',
      contact_created: 'contact_data',
      contact_updated: 'contact_data',
      inbox_created: 'inbox_settings',
      inbox_updated: 'inbox_settings',
      account_created: 'account_created',
      'macro.executed': 'macro',
      'automation_event.message_created': 'automation',
      something_new: 'event_something_new',
    };
    for (const [event, named] of Object.entries(reasons)) assert.equal(reason({ ...conversation(), event }), named);
    assert.equal(read({ ...conversation(), event: 'webwidget_triggered' }).conversationId, null);
  });

  it('a name that somebody made up does not reach the log as it came', () => {
    assert.equal(reason({ event: `${'x'.repeat(100)}\n\u001b[31m<script>` }).length, 'event_'.length + 40);
    assert.equal(reason({ event: 'LOUD 123' }), 'event_');
    assert.equal(reason({ event: 'constructor' }), 'event_constructor');
    assert.equal(reason(JSON.parse('{"event": "__proto__"}')), 'event___proto__');
  });

  it('messages and conversations without the fields we need are named unreadable', () => {
    assert.equal(reason({ event: 'message_created' }), 'unreadable_message');
    assert.equal(reason(whatsappText({ id: '918273' })), 'unreadable_message');
    assert.equal(reason(whatsappText({ conversation: null })), 'unreadable_message');
    assert.equal(reason({ event: 'message_updated', id: 1 }), 'unreadable_message');
    assert.equal(reason({ event: 'conversation_updated', id: 1 }), 'unreadable_conversation');
    for (const body of [null, 1, 'text', [], {}, { event: 5 }]) assert.equal(reason(body), 'no_event_name');
  });
});

describe('any signed body', () => {
  const decided = (body: Buffer): void => {
    try {
      const { key, event, conversationId } = readBytes(body);
      assert.ok(key.length > 0 && key.length < 200);
      if (event.kind !== 'ignored') assert.ok(Number.isInteger(conversationId));
    } catch (error) {
      assert.ok(error instanceof BridgeError, String(error));
      assert.equal(error.code, 'bad_request');
    }
  };

  it('that is JSON gets a decision, and what is not JSON is a bad request', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 4 }), (text) => decided(Buffer.from(text))));
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        decided(Buffer.from(bytes));
      }),
    );
    for (const text of ['', '{', '\ufeff{}', 'undefined', '{"event":"message_created",}']) {
      assert.throws(() => readBytes(Buffer.from(text)), { code: 'bad_request' });
    }
    decided(Buffer.from(`${'['.repeat(200_000)}${']'.repeat(200_000)}`));
  });

  it('that is one of Chatwoot’s with any of its fields replaced gets a decision', () => {
    const examples = [
      whatsappText(),
      instagramPicture(),
      gatewayText(),
      personsReply(),
      ownEcho(),
      phoneEcho(),
      personAssigned(),
      ...statusEvents('open'),
    ];
    const paths = (value: unknown, at: string[] = []): string[][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([name, inner]) => [[...at, name], ...paths(inner, [...at, name])])
        : [];
    const change = fc.constantFrom(...examples).chain((example) =>
      fc.record({
        example: fc.constant(example),
        changes: fc.array(fc.tuple(fc.constantFrom(...paths(example)), fc.jsonValue({ maxDepth: 2 })), {
          minLength: 1,
          maxLength: 6,
        }),
      }),
    );
    fc.assert(
      fc.property(change, ({ example, changes }) => {
        const copy: unknown = structuredClone(example);
        for (const [path, value] of changes) replace(copy, path, value);
        decided(Buffer.from(JSON.stringify(copy)));
      }),
      { numRuns: 1_000 },
    );
  });
});

function replace(target: unknown, path: string[], value: unknown): void {
  const [name, ...rest] = path;
  if (typeof target !== 'object' || target === null || name === undefined) return;
  const holder: Record<string, unknown> = target as Record<string, unknown>;
  if (rest.length === 0) holder[name] = value;
  else replace(holder[name], rest, value);
}
