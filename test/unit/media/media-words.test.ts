import assert from 'node:assert/strict';
import { askForText, markedFile, unreadNote } from '../../../bridge/core/crew/media-words.ts';
import { offersPerson } from '../../../bridge/core/crew/offers-person.ts';
import { languages } from '../../../bridge/core/language.ts';
import type { Attachment } from '../../../bridge/core/message.ts';

const kinds = ['image', 'audio', 'video', 'file', 'location', 'contact', 'other'] as const;
const file = (more: Partial<Attachment>): Attachment => ({ kind: 'image', url: 'u', transcript: null, ...more });

describe('files in words', () => {
  it('say what could not be read, by kind and number, in the language of the conversation', () => {
    const some = ['image', 'audio', 'image', 'file'] as const;
    assert.equal(
      unreadNote(some, 'pt'),
      'Não consegui ver 2 imagens, ouvir o áudio nem abrir o arquivo que você mandou. Se for importante, me conte por escrito.',
    );
    assert.equal(
      unreadNote(['audio', 'video'], 'en'),
      "I couldn't listen to the voice note or watch the video you sent. If it matters, please tell me in writing.",
    );
    assert.equal(
      unreadNote(['other'], 'es'),
      'No pude abrir el archivo que envió. Si es importante, cuéntemelo por escrito.',
    );
  });

  it('ask for text when there is nothing else to answer, whatever the kinds', () => {
    assert.match(askForText(['audio', 'audio'], 'pt'), /seu áudio/);
    assert.match(askForText(['audio', 'image'], 'pt'), /consigo ler apenas texto/);
    assert.match(askForText([], 'en'), /only read text/);
    for (const language of languages) {
      const texts = kinds.map((kind) => askForText([kind], language));
      for (const text of texts) assert.match(text, /pessoa|someone|persona/);
      assert.ok(
        texts.every((text) => !offersPerson(text)),
        'what comes next is the words we asked for',
      );
    }
  });

  it('stand in a mark of their own, read or not', () => {
    assert.equal(markedFile(file({ kind: 'audio', transcript: 'Oi' }), 'en'), '[voice note] Oi');
    assert.equal(markedFile(file({ description: 'a [red]\nbag' }), 'es'), '[imagen: a red bag]');
    assert.equal(markedFile(file({ kind: 'contact', card: 'João · +5511' }), 'pt'), '[contato: João · +5511]');
    assert.equal(markedFile(file({ kind: 'other', card: 'https://x.example' }), 'pt'), '[link: https://x.example]');
    assert.equal(markedFile(file({ kind: 'video' }), 'pt'), '[vídeo que não pôde ser visto]');
    assert.equal(
      markedFile(file({ kind: 'audio', transcript: 'Oi', unread: 'not_read' }), 'pt'),
      '[mensagem de voz] Oi',
    );
  });
});
