// Two sets of stores as they meet after an outage: the shared ones, and an instance's own with its record.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEmbeddedStores } from '../../../bridge/adapters/embedded/open-embedded-stores.ts';
import { EmbeddedSpillRecord } from '../../../bridge/adapters/embedded/spill-record.ts';
import { yamlText } from '../../../bridge/adapters/files/yaml-text.ts';
import type { Mail } from '../../../bridge/core/ports/mailbox.ts';
import type { ReplyIntent } from '../../../bridge/core/ports/reply-ledger.ts';
import type { DrainDeps } from '../../../bridge/core/spill/drain-conversation.ts';
import type { Stores } from '../../../bridge/core/stores.ts';
import { customerMail, replyIntent } from '../../contract/store-samples.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { HandClock } from '../hub/world/hand-clock.ts';

export const conversation = { accountId: 'acme', conversationId: 7 };

export class SpillWorld implements DrainDeps {
  readonly clock = new HandClock();
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'ui-spill-'));
  #parts: { shared: Stores; work: Stores; record: EmbeddedSpillRecord } | null = null;

  static async open(): Promise<SpillWorld> {
    const world = new SpillWorld();
    const { clock } = world;
    const logger = quietLog();
    const open = (name: string) =>
      openEmbeddedStores({ dataDir: path.join(world.#folder, name), clock, logger, yaml: yamlText });
    const record = new EmbeddedSpillRecord({ directory: path.join(world.#folder, 'record'), logger });
    await record.open();
    world.#parts = { shared: await open('shared'), work: await open('work'), record };
    return world;
  }

  get shared(): Stores {
    return this.#open.shared;
  }

  get work(): Stores {
    return this.#open.work;
  }

  get record(): EmbeddedSpillRecord {
    return this.#open.record;
  }

  mail(messageId: number): Mail {
    return customerMail(conversation, messageId, { nowMs: this.clock.now() });
  }

  /** A message that came while the shared stores were away. */
  async spilled(messageId: number): Promise<void> {
    const mail = this.mail(messageId);
    await this.record.keep(mail);
    await this.work.mailbox.store(mail);
  }

  /** A degraded turn answered these, and everything after it was done. */
  async answered(turnId: string, ...messageIds: number[]): Promise<void> {
    const reply = replyTo(turnId, ...messageIds);
    const keys = reply.memo?.keys ?? [];
    await this.work.ledger.begin(reply);
    for (const [index] of reply.parts.entries()) {
      await this.work.ledger.confirmPart(conversation, turnId, index + 1, 100 + index);
    }
    await this.work.ledger.finish(conversation, turnId, 'done');
    await this.record.settle(conversation, keys);
    await this.work.mailbox.remove(conversation, keys);
  }

  /** Keys that wait for an answer in the shared mailbox. */
  async waiting(): Promise<string[]> {
    return (await this.shared.mailbox.read(conversation)).mail.map(({ key }) => key);
  }

  async close(): Promise<void> {
    await this.record.close();
    await this.work.close();
    await this.shared.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #open() {
    if (!this.#parts) throw new Error('the world is not open');
    return this.#parts;
  }
}

export function replyTo(turnId: string, ...messageIds: number[]): ReplyIntent {
  const keys = messageIds.map((id) => `message:${id}`);
  const memo = { keys, language: 'pt-BR', service: 'info', offersPerson: false };
  return { ...replyIntent(conversation, Math.max(...messageIds), turnId), memo };
}
