import assert from 'node:assert/strict';
import fc from 'fast-check';
import { partsIn } from '../../../bridge/adapters/chatwoot/read-back.ts';
import type { RestMessage } from '../../../bridge/adapters/chatwoot/rest-shapes.ts';

const sought = { turnId: 'turn-1', texts: ['Primeira.', 'Segunda.', 'Terceira.'], afterMessageId: 100 };

function sent(id: number, content: string, more: Partial<RestMessage> = {}): RestMessage {
  return { id, content, message_type: 1, private: false, ...more };
}
const tagged = (id: number, part: number, turn = 'turn-1', content = 'x') =>
  sent(id, content, { content_attributes: { ui_turn: turn, ui_part: part } });
const found = (...messages: RestMessage[]) => partsIn(messages, sought).map(({ part, messageId }) => [part, messageId]);

describe('finding the parts of a reply', () => {
  it('goes by the tag, whatever became of the text', () => {
    assert.deepEqual(found(tagged(101, 1), tagged(103, 2, 'turn-1', 'foi editada')), [
      [1, 101],
      [2, 103],
    ]);
    assert.deepEqual(partsIn([tagged(101, 1)], sought), [{ turnId: 'turn-1', part: 1, messageId: 101 }]);
  });

  it('takes no other turn’s message for ours, even with the same words', () => {
    assert.deepEqual(found(tagged(101, 1, 'turn-0', 'Primeira.')), []);
  });

  it('looks only after what was known when the reply was decided', () => {
    assert.deepEqual(found(tagged(100, 1), sent(99, 'Primeira.')), []);
  });

  it('goes by the text where the tag was dropped, however Chatwoot spaced it', () => {
    assert.deepEqual(found(sent(101, 'Primeira.\n'), sent(102, ' Segunda.\\')), [
      [1, 101],
      [2, 102],
    ]);
  });

  it('knows the one message that carried everything left over: it proves the last part', () => {
    assert.deepEqual(found(sent(101, 'Primeira.'), sent(102, 'Segunda.\n\nTerceira.')), [
      [1, 101],
      [3, 102],
    ]);
    assert.deepEqual(found(sent(101, 'Primeira.\n\nSegunda.\n\nTerceira.')), [[3, 101]]);
    assert.deepEqual(found(sent(101, 'Primeira.\n\nSegunda.')), []);
  });

  it('finds each of two parts with the same words once', () => {
    const same = { ...sought, texts: ['Ok.', 'Ok.'] };
    const parts = (...messages: RestMessage[]) => partsIn(messages, same).map(({ part }) => part);
    assert.deepEqual(parts(sent(101, 'Ok.')), [1]);
    assert.deepEqual(parts(sent(101, 'Ok.'), sent(102, 'Ok.')), [1, 2]);
  });

  it('takes no note, no activity line and no customer for a part', () => {
    const nobodys = [
      sent(101, 'Primeira.', { private: true }),
      sent(102, 'Primeira.', { message_type: 0 }),
      sent(103, 'Primeira.', { message_type: 2 }),
      sent(104, 'Primeira.', { message_type: 3 }),
      { ...tagged(105, 1), private: true },
    ];
    assert.deepEqual(found(...nobodys), []);
  });

  it('never finds a part that was not sent, and always every one that was', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 6 });
    fc.assert(
      fc.property(parts, fc.boolean(), (given, withTag) => {
        const messages = given.map((part, index) =>
          withTag ? tagged(101 + index, part) : sent(101 + index, sought.texts[part - 1] ?? ''),
        );
        const numbers = found(...messages).map(([part]) => part);
        assert.deepEqual(new Set(numbers), new Set(given));
        assert.equal(numbers.length, new Set(given).size);
      }),
    );
  });
});
