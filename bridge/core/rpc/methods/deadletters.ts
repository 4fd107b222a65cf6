// `deadletters.*`: what could not be handled, for the operator. Customers' words stay out of every answer unless the one
// letter is asked for with its text.
import { z } from 'zod';
import { BridgeError } from '../../errors.ts';
import type { MailboxEntry } from '../../message.ts';
import { deadLetterKinds } from '../../ports/dead-letters.ts';
import type { DeadLetter } from '../../ports/dead-letters.ts';
import type { RpcDeps } from '../deps.ts';
import { instantText, toText } from '../instant.ts';
import { plainMethod } from '../method.ts';
import type { CallContext, RpcMethod } from '../method.ts';
import { writeAudit } from '../write-audit.ts';

const letterId = z.string().min(1).max(300);
const someIds = z.array(letterId).min(1).max(100);

const letterShape = z.strictObject({
  id: z.string(),
  kind: z.enum(deadLetterKinds),
  account_id: z.string(),
  conversation_id: z.number().int(),
  code: z.string(),
  message: z.string(),
  attempts: z.number().int(),
  first_at: instantText,
  last_at: instantText,
  keys: z.array(z.string()),
});

export function deadLetterMethods(deps: RpcDeps): RpcMethod[] {
  return [list(deps), get(deps), replay(deps), remove(deps)];
}

function list({ deadLetters }: RpcDeps): RpcMethod {
  return plainMethod({
    name: 'deadletters.list',
    summary: 'What could not be handled, the latest first, without the words of customers.',
    access: 'admin',
    scope: null,
    params: z.strictObject({
      account_id: z.string().optional(),
      limit: z.number().int().min(1).max(1_000).default(100),
    }),
    result: z.strictObject({ total: z.number().int(), letters: z.array(letterShape) }),
    run: async (_context, { account_id: accountId, limit }) => {
      const letters = await deadLetters.list(accountId ?? null, limit);
      return { total: await deadLetters.count(), letters: letters.map(shown) };
    },
  });
}

function get({ deadLetters }: RpcDeps): RpcMethod {
  return plainMethod({
    name: 'deadletters.get',
    summary: 'One letter; with_text adds what the customer and the team wrote.',
    access: 'admin',
    scope: null,
    params: z.strictObject({ id: letterId, with_text: z.boolean().default(false) }),
    result: letterShape.extend({
      mail: z.array(z.strictObject({ from: z.string(), message_id: z.number().int(), text: z.string().nullable() })),
    }),
    run: async (_context, { id, with_text: withText }) => {
      const letter = await deadLetters.get(id);
      if (!letter) throw new BridgeError('bad_request', `There is no dead letter ${id}.`);
      const mail = letter.mail.map(({ entry }) => ({
        from: fromOf(entry),
        message_id: entry.messageId,
        text: withText ? entry.text : null,
      }));
      return { ...shown(letter), mail };
    },
  });
}

function replay(deps: RpcDeps): RpcMethod {
  return plainMethod({
    name: 'deadletters.replay',
    summary: 'Runs letters again; what was answered meanwhile is dropped, what cannot run now is kept.',
    access: 'admin',
    scope: null,
    params: z.strictObject({ ids: someIds }),
    result: z.strictObject({
      results: z.array(
        z.strictObject({
          id: z.string(),
          outcome: z.enum(['replayed', 'dropped', 'kept']),
          reason: z.string().nullable(),
        }),
      ),
    }),
    run: async (context, { ids }) => {
      const results = [];
      for (const id of ids) {
        const result = await deps.replayDeadLetter(id);
        await audit(deps, context, 'deadletters.replay', id, result.outcome);
        results.push(result);
      }
      return { results };
    },
  });
}

function remove(deps: RpcDeps): RpcMethod {
  return plainMethod({
    name: 'deadletters.remove',
    summary: 'Throws letters away for good.',
    access: 'admin',
    scope: null,
    params: z.strictObject({ ids: someIds }),
    result: z.strictObject({ removed: z.number().int() }),
    run: async (context, { ids }) => {
      const removed = await deps.deadLetters.remove(ids);
      for (const id of ids) await audit(deps, context, 'deadletters.remove', id, 'removed');
      return { removed };
    },
  });
}

function fromOf(entry: MailboxEntry): string {
  if (entry.kind === 'customer_message') return 'customer';
  return entry.kind === 'ownership' ? entry.change : 'assistant';
}

function audit(deps: RpcDeps, context: CallContext, action: string, id: string, outcome: string): Promise<void> {
  return writeAudit(deps, context, id.split('/')[0] ?? '', action, { id, outcome });
}

function shown(letter: DeadLetter): z.infer<typeof letterShape> {
  const { id, kind, conversation, code, message, attempts, firstAtMs, lastAtMs, mail } = letter;
  return {
    id,
    kind,
    account_id: conversation.accountId,
    conversation_id: conversation.conversationId,
    code,
    message,
    attempts,
    first_at: toText(firstAtMs),
    last_at: toText(lastAtMs),
    keys: mail.map(({ key }) => key),
  };
}
