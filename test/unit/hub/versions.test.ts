// The same conversation on every Chatwoot we have to live with: what it signs, keeps, tells and changes by itself differs.
import assert from 'node:assert/strict';
import { answers, eachWorld, inboxes, person } from './world/conversation-world.ts';
import type { WorldOptions } from './world/conversation-world.ts';

const question = 'Qual o prazo para trocar um produto?';
const web = { inbox: inboxes.web };
const versions = ['4.8.0', '4.12.1', '4.13.0', '4.15.1', '4.16.2', '4.17.0', '4.18.0'];
const installations: [string, WorldOptions][] = [
  ...versions.map((version): [string, WorldOptions] => [version, { version }]),
  ['4.15.1 with people online, who get what is opened', { online: true }],
  ['4.15.1 with the newer way of assigning', { online: true, assignment: 'v2' }],
  ['4.17.0 with people online', { version: '4.17.0', online: true }],
];

for (const [name, options] of installations) {
  describe(`on Chatwoot ${name}`, () => {
    const world = eachWorld(options);
    const settled = async (act: () => void): Promise<void> => {
      act();
      await world().chatwoot.idle();
      await world().settle();
    };

    it('a question gets one answer', async () => {
      await world().customer(question);
      await world().settle();
      assert.deepEqual(world().replies(), [answers.exchange]);
      assert.equal(world().status(), 'pending');
    });

    it('a handoff is told, noted and opened, and nothing is said after it', async () => {
      await world().customer('Quero falar com um atendente');
      await world().settle();
      await world().customer(question);
      await world().settle();
      assert.equal(world().replies().length, 1);
      assert.equal(world().notes().length, 1);
      assert.equal(world().status(), 'open');
    });

    it('a person who writes has it, and it is open', async () => {
      await world().customer(question);
      await settled(() =>
        world().chatwoot.personReplies({ ...world().conversation(), text: 'Sou a Bia', user: person }),
      );
      await world().customer(question);
      await world().settle();
      assert.deepEqual(world().replies(), []);
      assert.equal(world().status(), 'open');
    });

    it('a person who gives it back by pending hears the assistant again', async () => {
      await world().customer(question);
      await settled(() =>
        world().chatwoot.personReplies({ ...world().conversation(), text: 'Sou a Bia', user: person }),
      );
      await settled(() => {
        world().chatwoot.markPending({ ...world().conversation(), user: person });
      });
      await world().customer('e a entrega, quando chega?');
      await world().settle();
      assert.deepEqual(world().replies(), [answers.delivery]);
    });

    it('a returning customer is answered, whoever was assigned before', async () => {
      await world().customer(question, web);
      await settled(() =>
        world().chatwoot.personReplies({ ...world().conversation(), text: 'Sou a Bia', user: person }),
      );
      await settled(() => world().chatwoot.assign({ ...world().conversation(), user: person }));
      await settled(() => world().chatwoot.resolve({ ...world().conversation(), user: person }));
      await world().customer('e a entrega, quando chega?', web);
      await world().settle();
      assert.deepEqual(world().replies(), [answers.delivery]);
    });
  });
}
