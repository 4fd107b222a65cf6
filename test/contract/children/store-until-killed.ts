// A process to be killed: stores mail as fast as it can, several at a time, and names each one on standard output once it
// was acknowledged. Arguments: data folder, first number.
import { openEmbeddedStores } from '../../../bridge/adapters/embedded/open-embedded-stores.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { customerMail, replyIntent, storedDocument } from '../store-samples.ts';

const [dataDir = '', first = '0'] = process.argv.slice(2);
const stores = await openEmbeddedStores({
  dataDir,
  clock: { now: () => Date.now() },
  logger: quietLog(),
  // Small, so that many kills meet a compaction.
  compactAfterBytes: 20_000,
  yaml: { stringify: (value) => JSON.stringify(value), parse: (text): unknown => JSON.parse(text) },
});

async function storeForEver(from: number, step: number): Promise<void> {
  for (let number = from; ; number += step) {
    const conversation = { accountId: 'acme', conversationId: number };
    await stores.mailbox.store(customerMail(conversation, number));
    if (number % 7 === 0) await stores.ledger.begin(replyIntent(conversation, number, `turn-${number}`));
    if (number % 11 === 0) await stores.documents.upsert('acme', [storedDocument(`d${number}`)]);
    process.stdout.write(`${number}\n`);
  }
}

const lanes = 8;
await Promise.all(Array.from({ length: lanes }, (_, lane) => storeForEver(Number(first) + lane, lanes)));
