import assert from 'node:assert/strict';
import { DateTime } from 'luxon';
import { answers, eachWorld, person } from './world/conversation-world.ts';

const question = 'Qual o prazo para trocar um produto?';
describe('a handoff', () => {
  const world = eachWorld();

  it('tells the customer, leaves people a note with the reason, and opens the conversation, in this order', async () => {
    await world().customer('Quero falar com um atendente, por favor');
    await world().settle();
    const kinds = world()
      .chatwoot.messagesOf(world().conversation())
      .map(({ message_type, private: isNote }) => (isNote ? 'note' : message_type));
    assert.deepEqual(kinds.slice(0, 3), [0, 1, 'note']);
    assert.match(
      world().notes()[0] ?? '',
      /o cliente pediu uma pessoa \[customer_asked\]\n.*Quero falar com um atendente/s,
    );
    assert.equal(world().status(), 'open');
    assert.deepEqual(world().outcomes(), ['handed_over']);
  });

  it('is the end of the assistant in that episode: nothing is said until the conversation comes back', async () => {
    await world().customer('Quero falar com um atendente, por favor');
    await world().settle();
    await world().customer(question);
    await world().settle();
    assert.equal(world().replies().length, 1);
    world().chatwoot.markPending({ ...world().conversation(), user: person });
    await world().customer('e a entrega, quando chega?');
    await world().settle();
    assert.deepEqual(world().replies().slice(1), [`${answers.exchange}\n\n${answers.delivery}`]);
  });

  it('comes when the customer accepts our offer, and not when the same word answers nothing', async () => {
    await world().customer('Quem ganhou o jogo de ontem?');
    await world().settle();
    assert.match(world().replies()[0] ?? '', /Quer que eu chame uma pessoa da equipe\?$/);
    assert.equal(world().status(), 'pending');
    await world().customer('sim, por favor');
    await world().settle();
    assert.match(world().notes()[0] ?? '', /\[customer_accepted\]/);
    assert.match(world().notes()[0] ?? '', /Quem ganhou o jogo de ontem/);
    assert.equal(world().status(), 'open');
  });

  it('is not made by a yes that answers nothing', async () => {
    await world().customer(question);
    await world().settle();
    await world().customer('sim, por favor');
    await world().settle();
    assert.deepEqual(world().notes(), []);
    assert.equal(world().status(), 'pending');
  });

  it('still opens the conversation when Chatwoot refuses the note for good', async () => {
    world().chatwoot.fault({ path: 'messages.create', action: 'error', status: 422, skip: 1 });
    await world().customer('Quero falar com um atendente, por favor');
    await world().settle();
    assert.deepEqual(world().notes(), []);
    assert.equal(world().status(), 'open');
  });

  it('outside business hours says when people are back', async () => {
    const { tenant } = world();
    const { hour } = DateTime.fromMillis(world().clock.now(), { zone: tenant.config.timezone });
    // Half a day from now, whenever that is.
    const [open, close, when] = hour < 12 ? ['20:00', '20:01', 'hoje às 20h'] : ['03:00', '03:01', 'amanhã às 3h'];
    const weekly = [{ days: [0, 1, 2, 3, 4, 5, 6], open, close }];
    world().tenant = {
      ...tenant,
      config: {
        ...tenant.config,
        company_metadata: { ...tenant.config.company_metadata, business_hours: { weekly, holidays: [] } },
      },
    };
    await world().customer('Quero falar com um atendente, por favor');
    await world().settle();
    const end = `fora do horário de atendimento; uma pessoa responde por aqui a partir de ${when}.`;
    assert.ok((world().replies()[0] ?? '').endsWith(end), world().replies()[0]);
  });
});
