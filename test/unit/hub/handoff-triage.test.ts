// What people find when a conversation becomes theirs: note, labels, team, priority.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { handoffReasons } from '../../../bridge/core/answer.ts';
import { handoffNote } from '../../../bridge/core/hub/handoff-note.ts';
import { labelsFor, reasonRows } from '../../../bridge/core/hub/handoff-reason.ts';
import { priorities } from '../../../bridge/core/ports/conversation-triage.ts';
import { makeTenant } from '../crew/make-turn.ts';
import { eachWorld, person } from './world/conversation-world.ts';
import { ScriptedModel, callTool } from './world/scripted-model.ts';

const wish = 'Quero falar com um atendente, por favor';

describe('the reasons of a handoff', () => {
  it('each have words, a category that fits a label, and a priority', () => {
    assert.deepEqual(Object.keys(reasonRows).toSorted(), handoffReasons.toSorted());
    for (const reason of handoffReasons) {
      const { text, category, priority } = reasonRows[reason];
      assert.ok(text.length > 5 && /^[a-z-]+$/.test(category) && priorities.includes(priority), reason);
    }
  });

  it('make the labels the tenant wants: by category, by reason, fixed ones, or none', () => {
    const withLabels = (labels: string[]) => labelsFor(makeTenant({ handoff: { labels } }), 'complaint');
    assert.deepEqual(labelsFor(makeTenant(), 'complaint'), ['assistente-reclamacao']);
    assert.deepEqual(withLabels(['bot', '{reason}', 'bot']), ['bot', 'complaint']);
    assert.deepEqual(withLabels([]), []);
  });
});

describe('the note of a handoff', () => {
  const tenant = makeTenant({
    company_metadata: {
      business_hours: { weekly: [{ days: [0, 1, 2, 3, 4], open: '09:00', close: '18:00', break: ['12:00', '13:00'] }] },
    },
  });
  const said = (from: 'customer' | 'assistant', text: string, minute: number) => ({
    from,
    text,
    atMs: Date.parse('2026-11-20T14:00:00-03:00') + minute * 60_000,
    messageId: minute + 1,
  });
  const scene = {
    tenant,
    atMs: Date.parse('2026-11-20T14:10:00-03:00'),
    window: [
      said('customer', 'Meu pedido 4512-A não chegou, meu e-mail é ana@exemplo.com.br', 2),
      said('assistant', 'Pode me dizer o CEP?', 3),
      said('customer', 'Paguei R$ 129,90 e quero falar com alguém', 5),
    ],
  };
  const handoff = { reason: 'customer_asked' as const, note: 'O cliente pediu uma pessoa.' };

  it('says why, what was said so far in the customer’s words, what was tried and whether the company is open', () => {
    assert.equal(
      handoffNote(handoff, [{ kind: 'rule', id: 'r1', title: 'Prazo de entrega' }], scene),
      [
        '🤝 Atendimento passado para a equipe: o cliente pediu uma pessoa [customer_asked]',
        'O cliente pediu uma pessoa.',
        'Categoria: pedido · prioridade: média',
        'Resumo: 2 mensagens do cliente e 1 resposta do assistente, desde 14:02.',
        '• Cliente: "Meu pedido 4512-A não chegou, meu e-mail é ana@exemplo.com.br"',
        '• Cliente: "Paguei R$ 129,90 e quero falar com alguém"',
        '• Última resposta do assistente: "Pode me dizer o CEP?"',
        'Citados: pedido 4512-A; ana@exemplo.com.br; R$ 129,90',
        'Fontes consultadas: Prazo de entrega',
        'Horário: aberto agora, hoje até as 18h.',
      ].join('\n'),
    );
    const atLunch = handoffNote(handoff, [], { ...scene, atMs: Date.parse('2026-11-20T12:30:00-03:00') });
    assert.match(atLunch, /Fontes consultadas: nenhuma\nHorário: fechado agora, abre hoje às 13h\.$/);
  });

  it('is short and whole whatever the customer wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 3_000 }), { maxLength: 24 }), (texts) => {
        const window = texts.map((text, index) => said(index % 2 ? 'assistant' : 'customer', text, index));
        const note = handoffNote(handoff, [], { ...scene, window });
        assert.ok(note.length < 2_500, note);
        assert.doesNotMatch(note, /[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
      }),
    );
  });
});

describe('a conversation that is handed over', () => {
  const world = eachWorld({ config: { handoff: { team: 'Atendimento', labels: ['assistente-{category}', 'loja'] } } });
  const conversation = () => world().chatwoot.conversation(world().conversation());

  it('has team, priority and labels beside those that were there, before it is opened', async () => {
    await world().customer('Oi');
    world().chatwoot.setLabels({ ...world().conversation(), labels: ['vip'] });
    await world().customer(wish);
    await world().settle();
    assert.deepEqual(conversation().labels, ['vip', 'assistente-pedido', 'loja']);
    assert.equal(conversation().priority, 'medium');
    assert.equal(conversation().meta.team?.id, 71);
    const written = world().chatwoot.requests.filter(({ method }) => method === 'POST');
    assert.equal(written.at(-1)?.endpoint, 'conversations.toggle_status');
  });

  it('is opened and told although none of that works, and an operator can see it', async () => {
    for (const path of ['labels', 'toggle_priority', 'teams']) {
      world().chatwoot.fault({ path, action: 'error', status: 422, count: 9 });
    }
    await world().customer(wish);
    await world().settle();
    assert.equal(world().replies().length, 1);
    assert.equal(world().status(), 'open');
    assert.equal(world().notes().length, 1);
    const failed = world().log.lines.filter(({ message }) => message === 'handoff.triage_failed');
    assert.deepEqual(
      failed.map(({ fields }) => fields['step']),
      ['labels', 'priority', 'team'],
    );
  });

  it('by the model says which of its reasons it was', async () => {
    world().model = new ScriptedModel([
      callTool('request_person', { reason: 'complaint', summary: 'Reclama de atraso e está irritada.' }),
    ]);
    await world().customer('Isso é um absurdo, o pedido não chegou até hoje e ninguém faz nada!');
    await world().settle();
    assert.match(
      world().notes()[0] ?? '',
      /o cliente está reclamando \[complaint\]\nReclama de atraso e está irritada\./,
    );
    assert.deepEqual(conversation().labels, ['assistente-reclamacao', 'loja']);
    assert.equal(conversation().priority, 'high');
  });

  it('with a draft that was held back shows it to people', async () => {
    world().model = new ScriptedModel([{ text: 'Custa R$ 999,00.' }, { text: 'Custa R$ 999,00 mesmo.' }]);
    await world().customer('Quanto custa o kit?');
    await world().settle();
    assert.match(
      world().notes()[0] ?? '',
      /\[guard_blocked\]\nO rascunho não foi enviado .*\nCusta R\$ 999,00 mesmo\./,
    );
    assert.doesNotMatch(world().replies().join(), /999/);
  });
});

describe('a conversation that a person gives back', () => {
  const world = eachWorld();

  async function givenBack(model: ScriptedModel): Promise<void> {
    await world().customer('Qual o prazo para trocar um produto?');
    await world().settle();
    world().chatwoot.personReplies({ ...world().conversation(), text: 'Pode trocar na loja do centro.', user: person });
    world().chatwoot.assign({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    await world().customer('e a entrega, quando chega?');
    await world().settle();
    world().model = model;
    world().chatwoot.markPending({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
  }

  it('is answered at once where the customer still waits, and the model knows until when a person had it', async () => {
    const model = new ScriptedModel([{ text: 'Chega em poucos dias.' }]);
    await givenBack(model);
    assert.equal(world().replies().at(-1), 'Chega em poucos dias.');
    const [request] = model.requests;
    const past = request?.messages.find(({ role, text }) => role === 'system' && text.includes('A person of the team'));
    assert.match(past?.text ?? '', /answered this customer until \w+, \d{4}-\d\d-\d\d \d\d:\d\d\. That is over/);
    const asked = request?.messages.filter(({ text }) => text.includes('e a entrega, quando chega?')) ?? [];
    assert.equal(asked.length, 1, 'the question stands in the prompt once');
    assert.ok(request?.messages.some(({ text }) => text.includes('Pode trocar na loja do centro.')));
  });

  it('is nobody’s there any more', async () => {
    await givenBack(new ScriptedModel([{ text: 'Chega em poucos dias.' }]));
    assert.equal(world().chatwoot.conversation(world().conversation()).meta.assignee, null);
    assert.equal(world().status(), 'pending');
  });

  it('without an open question is left in peace until the customer writes', async () => {
    await world().customer('Qual o prazo para trocar um produto?');
    world().chatwoot.personReplies({ ...world().conversation(), text: 'Pode trocar na loja do centro.', user: person });
    await world().chatwoot.idle();
    await world().settle();
    world().chatwoot.markPending({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    assert.deepEqual(world().replies(), []);
  });

  it('knows what a person said although no delivery told of it', async () => {
    await world().customer('Qual o prazo para trocar um produto?');
    await world().settle();
    world().chatwoot.open({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    world().chatwoot.misbehave({ action: 'drop', event: 'message_created', count: 1 });
    world().chatwoot.personReplies({ ...world().conversation(), text: 'Pode trocar na loja do centro.', user: person });
    await world().chatwoot.idle();
    world().chatwoot.markPending({ ...world().conversation(), user: person });
    await world().chatwoot.idle();
    await world().settle();
    const { window = [] } = (await world().stores.states.get(world().ref())) ?? {};
    assert.ok(window.some(({ from, text }) => from === 'person' && text === 'Pode trocar na loja do centro.'));
  });
});
