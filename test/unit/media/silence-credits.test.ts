import assert from 'node:assert/strict';
import { withoutSilenceCredits } from '../../../bridge/core/media/silence-credits.ts';

describe('what a model hears in silence', () => {
  it('is nothing: subtitle credits, thanks to viewers, sounds and noise', () => {
    for (const heard of [
      'Legendas pela comunidade Amara.org',
      'Legendas pela comunidade das Legendas',
      'Legendado por Fulano de Tal',
      'Legenda Adriana Zanotto',
      'Transcrição e Legendas Pedro Negri',
      'Tradução e legendas por X',
      'Subtitles by the Amara.org community',
      'Subtítulos realizados por la comunidad de Amara.org',
      'Obrigado por assistir!',
      'Thanks for watching!',
      'Thank you for watching.',
      'Gracias por ver el video.',
      'Inscreva-se no canal!',
      'Please subscribe to my channel.',
      'Até o próximo vídeo!',
      '[Música]',
      '(aplausos) ♪♪',
      '...',
      'E aí, '.repeat(20),
      '',
    ]) {
      assert.equal(withoutSilenceCredits(heard), '', heard);
    }
  });

  it('leaves what was said, also beside such a line', () => {
    assert.equal(
      withoutSilenceCredits('Qual o prazo para trocar? Legendas pela comunidade Amara.org'),
      'Qual o prazo para trocar?',
    );
    for (const said of [
      'Oi, vocês fazem legenda em quadro? Quero um por favor.',
      'Obrigado!',
      'Não, não, não quero.',
      'Quero me inscrever no curso de maquiagem.',
      'Meu nome é Legrand e a nota é 1234.',
      'Queria assistir a demonstração, obrigado por avisar.',
      'Sim sim sim pode mandar',
    ]) {
      assert.equal(withoutSilenceCredits(said), said);
    }
  });
});
