// A starved process hears late that its lock was renewed: by then the lock may be nearly over, and somebody else's next.
import assert from 'node:assert/strict';
import type { Conversations } from '../../../bridge/core/ports/conversations.ts';
import type { ReplyIntent, ReplyLedger } from '../../../bridge/core/ports/reply-ledger.ts';
import { sendIntent } from '../../../bridge/core/hub/send-reply.ts';
import { replyIntent } from '../../contract/store-samples.ts';
import { HandClock } from './world/hand-clock.ts';

const conversation = { accountId: 'acme', conversationId: 7 };
const lockTtlMs = 5_000;

/** Sends while the renewal's answer takes so long to be heard; tells what was sent. */
async function sendHearing(lateByMs: number) {
  const clock = new HandClock();
  const intents: ReplyIntent[] = [];
  const sent: string[] = [];
  let heldUntilMs = clock.now() + lockTtlMs;
  const lock = {
    fence: 1,
    get heldUntilMs() {
      return heldUntilMs;
    },
    renew: async (ttlMs: number) => {
      heldUntilMs = clock.now() + ttlMs;
      // Only the POST's own renewal is heard late: the intent stands by then.
      if (intents.length > 0) clock.move(lateByMs);
      return true;
    },
    release: async () => undefined,
  };
  const ledger: Pick<ReplyLedger, 'begin' | 'confirmPart'> = {
    begin: async (intent) => {
      intents.push(intent);
      return { begun: true };
    },
    confirmPart: async () => undefined,
  };
  const conversations: Pick<Conversations, 'sendPart'> = {
    sendPart: async (_conversation, { text }) => {
      sent.push(text);
      return { messageId: 100 };
    },
  };
  const deps = { ledger: ledger as ReplyLedger, clock, readBackAfterMs: 15_000, lockTtlMs };
  const context = {
    conversation,
    conversations: conversations as Conversations,
    lock,
    signal: new AbortController().signal,
  };
  const sending = sendIntent(deps, context, replyIntent(conversation, 1, 'turn'), async () => true);
  return { sending, sent };
}

describe('a renewal that is heard late', () => {
  it('leaves no time for a POST when the lock may be over: nothing is sent', async () => {
    const { sending, sent } = await sendHearing(4_500);
    await assert.rejects(sending, { code: 'busy' });
    assert.deepEqual(sent, []);
  });

  it('does no harm when there is time enough', async () => {
    const { sending, sent } = await sendHearing(100);
    assert.equal((await sending).kind, 'sent');
    assert.ok(sent.length > 0);
  });
});
