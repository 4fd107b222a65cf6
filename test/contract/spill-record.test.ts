// What an instance keeps on its own disk while the shared stores are away.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EmbeddedSpillRecord } from '../../bridge/adapters/embedded/spill-record.ts';
import { quietLog } from '../fixtures/quiet-log.ts';
import { customerMail, customerMessage, ownershipMail } from './store-samples.ts';

const conversation = { accountId: 'acme', conversationId: 7 };
const other = { accountId: 'acme', conversationId: 8 };
const proof = { turnId: 'turn-1', part: 1, messageId: 31 };

describe('the spill record', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'ui-spill-record-'));
  let folders = 0;
  let directory = '';
  let record: EmbeddedSpillRecord;

  const open = async (): Promise<void> => {
    record = new EmbeddedSpillRecord({ directory, logger: quietLog() });
    await record.open();
  };
  /** The files as a kill leaves them: nothing an orderly close would add. */
  const reopen = async (): Promise<void> => {
    const before = directory;
    directory = path.join(root, String((folders += 1)));
    cpSync(before, directory, { recursive: true });
    await record.close();
    await open();
  };
  beforeEach(async () => {
    directory = path.join(root, String((folders += 1)));
    await open();
  });
  afterEach(() => record.close());
  after(() => rmSync(root, { recursive: true, force: true }));

  it('what was kept, settled, amended and proved survives a kill, in the order it came', async () => {
    const first = customerMail(conversation, 1);
    const second = ownershipMail(conversation, 'event', 1_000, 2);
    const third = customerMail(conversation, 3);
    for (const mail of [first, second, third]) assert.equal(await record.keep(mail), 'stored');
    await record.settle(conversation, [first.key, 'unknown']);
    assert.equal(await record.amend(conversation, third.key, customerMessage(3, 'outra coisa')), true);
    await record.prove(conversation, proof);
    await reopen();
    assert.deepEqual(await record.read(conversation), {
      mail: [
        { mail: first, settled: true },
        { mail: second, settled: false },
        { mail: { ...third, entry: customerMessage(3, 'outra coisa') }, settled: false },
      ],
      proofs: [proof],
    });
  });

  it('the same key is kept once, and the same proof', async () => {
    await record.keep(customerMail(conversation, 1));
    await record.settle(conversation, ['message:1']);
    assert.equal(await record.keep(customerMail(conversation, 1)), 'duplicate');
    await record.prove(conversation, proof);
    await record.prove(conversation, proof);
    const { mail, proofs } = await record.read(conversation);
    assert.deepEqual([mail.map(({ settled }) => settled), proofs], [[true], [proof]]);
  });

  it('forgetting takes exactly what was read, and leaves what came meanwhile', async () => {
    await record.keep(customerMail(conversation, 1));
    await record.prove(conversation, proof);
    const read = await record.read(conversation);
    await record.keep(customerMail(conversation, 2));
    await record.forget(conversation, read);
    await reopen();
    assert.deepEqual(await record.read(conversation), {
      mail: [{ mail: customerMail(conversation, 2), settled: false }],
      proofs: [],
    });
  });

  it('counts and names the conversations that hold something', async () => {
    await record.keep(customerMail(conversation, 1));
    await record.prove(other, proof);
    assert.deepEqual(await record.conversations(), [conversation, other]);
    await record.forget(conversation, await record.read(conversation));
    assert.deepEqual([await record.size(), await record.conversations()], [1, [other]]);
  });

  it('a message that is not here is neither amended nor settled', async () => {
    assert.equal(await record.amend(conversation, 'message:1', customerMessage(1)), false);
    await record.settle(conversation, ['message:1']);
    assert.equal(await record.size(), 0);
  });
});
