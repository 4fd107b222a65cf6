import assert from 'node:assert/strict';
import { withoutCourtesy } from '../../../bridge/core/knowledge/text/courtesy.ts';

describe('courtesy around a question', () => {
  const plain = 'qual o prazo para trocar?';
  for (const said of [
    `Oi, ${plain}`,
    `Bom dia! ${plain} obrigada`,
    `Obrigada, Bia! ${plain}`,
    `Oi Marta, ${plain}`,
    `${plain} pfv`,
    `olá tudo bem? ${plain}`,
  ]) {
    it(`is taken off: "${said}"`, () => {
      assert.equal(withoutCourtesy(said).replace(/^[?!, ]+/, ''), plain);
    });
  }

  it('stays when there is nothing else, and a first word is not taken for a name', () => {
    assert.equal(withoutCourtesy('Bom dia!'), 'Bom dia!');
    assert.equal(withoutCourtesy('Shampoo, vocês têm?'), 'Shampoo, vocês têm?');
    assert.equal(withoutCourtesy('por quanto sai?'), 'por quanto sai?');
  });
});
