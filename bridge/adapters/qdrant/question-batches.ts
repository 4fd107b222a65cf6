// Questions that arise in one moment go to the server in one request: the word leg and the vector leg of a search cost one
// round trip and not two. They stay two answers on purpose. Fusing them on the server (a prefetch of both with RRF or
// DBSF) would save nothing more and lose what decides: RRF answers ranks of about 0.01 to 0.05 and DBSF scores relative to
// this one answer, so a leg's own score, the cosine that says "nothing here is good enough", would be gone. Each leg is
// judged for itself and then weighted by core, as with the embedded index, so both rank alike.
import type { Schemas } from '@qdrant/js-client-rest';
import { codeOf } from '../../core/errors.ts';
import { together } from './requests.ts';
import type { QdrantServer } from './server.ts';

type Question = Schemas['QueryRequest'];
type Answer = Schemas['QueryResponse']['points'];

interface Waiting {
  question: Question;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/** Well below what servers in strict mode let pass. */
const questionsPerRequest = 16;

export class QuestionBatches {
  readonly #server: QdrantServer;
  readonly #timeoutSeconds: number;
  readonly #gathering = new Map<string, Waiting[]>();

  /** @param timeoutMs after which the server, too, stops working on an answer nobody waits for any more */
  constructor(server: QdrantServer, timeoutMs: number) {
    this.#server = server;
    this.#timeoutSeconds = Math.max(1, Math.ceil(timeoutMs / 1000));
  }

  /** Only questions of one tenant travel together: what one of them breaks is nobody else's. */
  ask(accountId: string, collection: string, question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const key = JSON.stringify([accountId, collection]);
      const waiting = this.#gathering.get(key);
      if (waiting) return void waiting.push({ question, resolve, reject });
      this.#gathering.set(key, [{ question, resolve, reject }]);
      setImmediate(() => void this.#send(key, collection));
    });
  }

  async #send(key: string, collection: string): Promise<void> {
    const waiting = this.#gathering.get(key) ?? [];
    this.#gathering.delete(key);
    const batches: Promise<void>[] = [];
    for (let at = 0; at < waiting.length; at += questionsPerRequest) {
      batches.push(this.#sendTogether(collection, waiting.slice(at, at + questionsPerRequest)));
    }
    await Promise.all(batches);
  }

  /** A question the server refuses takes no other with it: then each is asked alone. */
  async #sendTogether(collection: string, batch: readonly Waiting[]): Promise<void> {
    const body = together(batch.map(({ question }) => question));
    try {
      const answers = await this.#server.read((client) =>
        client.queryBatch(collection, { ...body, timeout: this.#timeoutSeconds }),
      );
      for (const [at, { resolve }] of batch.entries()) resolve(answers[at]?.points ?? []);
    } catch (error) {
      if (codeOf(error) === 'upstream_rejected' && batch.length > 1) {
        await Promise.all(batch.map((one) => this.#sendTogether(collection, [one])));
      } else {
        for (const { reject } of batch) reject(error);
      }
    }
  }
}
