import assert from 'node:assert/strict';
import {
  questionOf,
  textOf,
  unreadKindsOf,
  withCustomer,
  withPersonsReply,
  withReply,
} from '../../../bridge/core/hub/context.ts';
import { freshState } from '../../../bridge/core/hub/takeover.ts';
import type { Attachment, CustomerMessage } from '../../../bridge/core/message.ts';
import { makeCustomerMessage } from '../../fixtures/customer-message.ts';

const file = (transcript: string | null): Attachment => ({ kind: 'audio', url: null, transcript });

function message(messageId: number, text: string, attachments: Attachment[] = []): CustomerMessage {
  return makeCustomerMessage({ messageId, text, attachments, sentAtMs: messageId });
}

describe('what a burst says', () => {
  it('is its messages line by line, with what was spoken in them', () => {
    assert.equal(
      questionOf([message(1, ' Oi '), message(2, ''), message(3, 'vê?', [file('este aqui')])]),
      'Oi\nvê?\neste aqui',
    );
    assert.equal(textOf(message(1, '', [file('a'), file(null), file('b')])), 'a\nb');
    assert.equal(questionOf([]), '');
  });

  it('names the kinds of the files that nobody could read', () => {
    const unread = unreadKindsOf([message(1, 'Oi', [file('x')]), message(2, '', [file(null), file(null)])]);
    assert.deepEqual(unread, ['audio', 'audio']);
    assert.deepEqual(unreadKindsOf([message(1, 'Oi')]), []);
    assert.deepEqual(unreadKindsOf([message(1, ' ')]), ['other'], 'what Chatwoot could not take over');
  });
});

describe('the window of a conversation', () => {
  it('keeps the newest words of everybody, in order', () => {
    let state = freshState(1);
    for (let turn = 1; turn <= 30; turn++) {
      state = withCustomer(state, [message(turn * 10, `pergunta ${turn}`)]);
      state = withReply(state, `resposta ${turn}`, turn, turn * 10 + 1);
    }
    assert.equal(state.window.length, 24);
    assert.deepEqual([state.window[0]?.text, state.window.at(-1)?.text], ['pergunta 19', 'resposta 30']);
  });

  it('remembers nothing twice, however often a turn is done again', () => {
    const once = withReply(withCustomer(freshState(1), [message(10, 'Oi')]), 'Olá!', 1, 11);
    assert.deepEqual(withReply(withCustomer(once, [message(10, 'Oi')]), 'Olá!', 2, 11), once);
    const event = {
      kind: 'ownership' as const,
      version: 1 as const,
      change: 'person_replied' as const,
      messageId: 12,
      inboxId: 5,
      text: 'Sou a Bia',
      atMs: 5,
      conversation: message(1, '').conversation,
    };
    assert.deepEqual(withPersonsReply(withPersonsReply(once, event), event), withPersonsReply(once, event));
  });

  it('keeps two of our replies whose ids nobody knows', () => {
    const twice = withReply(withReply(freshState(1), 'Um', 1, 0), 'Dois', 2, 0);
    assert.deepEqual(
      twice.window.map(({ text }) => text),
      ['Um', 'Dois'],
    );
  });

  it('cuts what is too long, never inside a character', () => {
    const [{ text } = assert.fail()] = withCustomer(freshState(1), [
      message(1, `${'a'.repeat(1_499)}😀${'b'.repeat(99)}`),
    ]).window;
    assert.equal(text, 'a'.repeat(1_499));
  });

  it('shows a file nobody could read as one, and marks what was heard, in the language of the conversation', () => {
    const files = [file(null), file('Tem batom?')];
    const shown = (language: 'pt' | 'en') =>
      withCustomer(freshState(1), [message(1, 'Olhe:', files)], language).window[0]?.text;
    assert.equal(shown('pt'), 'Olhe:\n[mensagem de voz que não pôde ser ouvida]\n[mensagem de voz] Tem batom?');
    assert.equal(shown('en'), 'Olhe:\n[voice note that could not be heard]\n[voice note] Tem batom?');
  });
});
