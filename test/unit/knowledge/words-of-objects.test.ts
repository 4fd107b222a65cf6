// Words that every JavaScript object answers to are words like any other: a customer may write them, a sender may name
// things so.
import assert from 'node:assert/strict';
import { whyClosed } from '../../../bridge/adapters/chatwoot/why-closed.ts';
import { stemPortuguese } from '../../../bridge/core/knowledge/text/portuguese.ts';

describe('a word that every object has', () => {
  for (const word of ['constructor', 'valueof', 'tostring', '__proto__', 'hasownproperty']) {
    it(`${word} is stemmed like any other`, () => {
      const stem = stemPortuguese(word);
      assert.equal(typeof stem, 'string');
      assert.ok(word.startsWith(stem.slice(0, 4)));
    });

    it(`${word} is no channel we know`, () => {
      assert.deepEqual(whyClosed(word), { rule: 'inbox_setting', hours: null });
    });
  }
});
