// A customer whose reply window has closed while we were away.
import assert from 'node:assert/strict';
import { answers, eachWorld } from './world/conversation-world.ts';
import type { ConversationWorld } from './world/conversation-world.ts';

const question = 'Qual o prazo para trocar um produto?';
const day = 25 * 3_600_000;

async function answeredTooLate(world: ConversationWorld, text = question): Promise<void> {
  await world.customer(text);
  world.chatwoot.backdate({ ...world.conversation(), ms: day });
  world.clock.move(day);
  await world.settle();
}

describe('a window that closed', () => {
  const world = eachWorld();

  it('is told to people with the channel’s rule, once an episode and not for every message', async () => {
    await answeredTooLate(world());
    assert.match(world().notes()[0] ?? '', /o WhatsApp só permite responder até 24 horas/);
    world().chatwoot.markPending({ ...world().conversation(), user: 'Bia' });
    await world().chatwoot.idle();
    await answeredTooLate(world(), 'e a entrega, quando chega?');
    assert.equal(world().notes().length, 1);
    assert.deepEqual(world().replies(), []);
  });
});

const reopen_template = {
  name: 'retomar_conversa',
  language: 'pt_BR',
  values: ['{name}'],
  text: 'Oi, {name}! Vimos sua mensagem. Podemos continuar por aqui?',
};

describe('a window that closed, with an approved message', () => {
  const world = eachWorld({ config: { channels: { whatsapp: { reopen_template } } } });

  it('is opened again by it: it goes out once, nothing is paid for, and the customer’s answer gets ours', async () => {
    await answeredTooLate(world());
    assert.deepEqual(world().replies(), ['Oi, Marta! Vimos sua mensagem. Podemos continuar por aqui?']);
    assert.deepEqual(world().knowledge.queries, []);
    assert.deepEqual(world().notes(), []);
    assert.equal(world().status(), 'pending');
    assert.deepEqual(world().outcomes(), ['reopened']);
    await world().customer(question);
    await world().settle();
    assert.deepEqual(world().replies().slice(1), [answers.exchange]);
  });

  it('is left to people with a note when it stays closed', async () => {
    await answeredTooLate(world());
    await answeredTooLate(world(), 'e a entrega, quando chega?');
    assert.equal(world().replies().length, 1);
    assert.equal(world().notes().length, 1);
    assert.equal(world().status(), 'open');
  });
});

describe('a window that closed, with a message nobody approved', () => {
  const world = eachWorld({
    config: { channels: { whatsapp: { reopen_template: { ...reopen_template, name: 'outra' } } } },
  });

  it('is told to people, and nothing goes out', async () => {
    await answeredTooLate(world());
    assert.deepEqual(world().replies(), []);
    assert.match(world().notes()[0] ?? '', /janela de resposta deste canal está fechada/);
    assert.equal(world().status(), 'open');
    assert.ok(world().log.lines.some(({ message }) => message === 'window.template_refused'));
  });
});
