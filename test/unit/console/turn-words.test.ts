import assert from 'node:assert/strict';
import { handoffReasons, rungs } from '../../../bridge/core/answer.ts';
import { routeReasons } from '../../../bridge/core/hub/route.ts';
import { silenceReasons } from '../../../bridge/core/hub/takeover.ts';
import { turnOutcomes } from '../../../bridge/core/hub/turn-outcome.ts';
import { documentKinds } from '../../../bridge/core/knowledge/document.ts';
import { routeReasonWord, rungWord, turnWords, wordFor } from '../../../bridge/entry/console/turn-words.ts';

const source = { kind: 'rule', id: 'r1', title: 'Trocas' };

describe('the words people read for what a turn did', () => {
  for (const [language, words] of Object.entries(turnWords)) {
    const lists: [string, readonly string[], Record<string, string>][] = [
      ['rung', rungs, words.rungs],
      ['outcome', turnOutcomes, words.outcomes],
      ['silence', silenceReasons.map((reason) => `silent_${reason}`), words.outcomes],
      ['reason of a handoff', handoffReasons, words.handoffReasons],
      ['reason of a route', Object.values(routeReasons), words.routeReasons],
      ['kind of source', documentKinds, words.kinds],
    ];
    for (const [name, codes, table] of lists) {
      it(`every ${name} has words of its own in ${language}`, () => {
        assert.deepEqual(
          codes.filter((code) => (table[code] ?? '') === ''),
          [],
        );
        assert.equal(new Set(codes.map((code) => table[code])).size, codes.length);
        assert.deepEqual(
          codes.filter((code) => code.includes('_') && table[code] === code),
          [],
        );
      });
    }
  }

  it('an answer from sources that names none is called what it is: nothing was found', () => {
    const words = turnWords['pt-BR'];
    assert.equal(rungWord(words, { rung: 'grounded', sources: [] }), 'nada encontrado');
    assert.equal(rungWord(words, { rung: 'grounded', sources: [source] }), 'das fontes');
    assert.equal(rungWord(words, { rung: null, sources: [] }), null);
  });

  it('a route keeps the words the customer used', () => {
    assert.equal(routeReasonWord(turnWords['pt-BR'], 'signals: troca, defeito'), 'palavras do cliente: troca, defeito');
    assert.equal(routeReasonWord(turnWords.en, 'no signal'), turnWords.en.routeReasons['no signal']);
  });

  it('a code of another version is shown as it is', () => {
    assert.equal(wordFor(turnWords['pt-BR'].outcomes, 'moved_to_mars'), 'moved_to_mars');
    assert.equal(wordFor(turnWords['pt-BR'].rungs, 'toString'), 'toString');
  });
});
