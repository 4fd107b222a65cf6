// A model may take seconds, and meanwhile the sweeper need not make jobs for a conversation that is being answered: its
// wake mark is moved ahead. When nothing came of the answer the mark comes back, or the next try would wait for it.
import type { TurnDecision } from '../ports/turn-queue.ts';
import type { Burst, HubDeps, Pass } from './pass.ts';

export async function whileAnswering(
  deps: HubDeps,
  pass: Pass,
  burst: Burst,
  work: () => Promise<TurnDecision>,
): Promise<TurnDecision> {
  const { clock, limits, mailbox } = deps;
  await mailbox.postpone(pass.conversation, clock.now() + 2 * limits.lockTtlMs);
  try {
    const decision = await work();
    if (decision.kind === 'again') await takeBack(deps, pass, burst);
    return decision;
  } catch (error) {
    await takeBack(deps, pass, burst).catch(() => undefined);
    throw error;
  }
}

/** A customer message that came meanwhile has set its own quiet time, and that one holds. */
async function takeBack({ clock, mailbox }: HubDeps, { conversation }: Pass, burst: Burst): Promise<void> {
  const { mail } = await mailbox.read(conversation);
  const isNew = mail.some(({ key, entry }) => entry.kind === 'customer_message' && !burst.keys.includes(key));
  if (!isNew) await mailbox.postpone(conversation, clock.now());
}
