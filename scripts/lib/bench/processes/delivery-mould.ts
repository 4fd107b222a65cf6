// Signed deliveries by the thousand: one real body of the simulated Chatwoot, in which only the ids change. Ids have one
// width, so a new delivery is a copy with some digits written over and a signature.
import { createHmac } from 'node:crypto';
import { startChatwootSandbox } from '../../../../test/sandbox/chatwoot/start-chatwoot-sandbox.ts';
import { toAccount } from '../bench-tenants.ts';
import type { BenchTenant } from '../bench-tenants.ts';

const messageId = 900_000_001;
const conversationId = 800_000_001;
const conversations = 5_000;

interface Mould {
  path: string;
  secret: string;
  body: Buffer;
  messageAt: number[];
  conversationAt: number[];
}

export class DeliveryMoulds {
  readonly #moulds: Mould[];
  #made = 0;

  private constructor(moulds: Mould[]) {
    this.#moulds = moulds;
  }

  static async make(tenants: BenchTenant[]): Promise<DeliveryMoulds> {
    const accounts = tenants.map((tenant) => toAccount(tenant, 'http://127.0.0.1:9'));
    const sandbox = await startChatwootSandbox({ accounts });
    try {
      return new DeliveryMoulds(
        tenants.map((tenant) => {
          const { chatwootAccountId: account, inboxId: inbox } = tenant;
          sandbox.api.customerWrites({ account, inbox, contact: 'Marta Lima', text: 'Posso trocar o vestido azul?' });
          const delivery = sandbox.api.deliveriesTo('agent_bot', { account, event: 'message_created' })[0];
          if (!delivery) throw new Error('no delivery');
          return mouldOf(delivery.body, tenant);
        }),
      );
    } finally {
      await sandbox.stop();
    }
  }

  /** A whole HTTP request, never the same twice. */
  next(): Buffer {
    const count = this.#made;
    this.#made += 1;
    const mould = this.#moulds[count % this.#moulds.length];
    if (!mould) throw new Error('no mould');
    const body = Buffer.from(mould.body);
    for (const at of mould.messageAt) body.write(String(messageId + count), at, 'latin1');
    for (const at of mould.conversationAt) body.write(String(conversationId + (count % conversations)), at, 'latin1');
    return requestOf(mould, body);
  }
}

function mouldOf(text: string, tenant: BenchTenant): Mould {
  const payload = JSON.parse(text) as { id: number; conversation: { id: number; messages: { id: number }[] } };
  payload.id = messageId;
  for (const message of payload.conversation.messages) message.id = messageId;
  payload.conversation.id = conversationId;
  const body = Buffer.from(JSON.stringify(payload));
  return {
    path: `/webhooks/chatwoot/${tenant.accountId}`,
    secret: tenant.secret,
    body,
    messageAt: placesOf(body, messageId),
    conversationAt: placesOf(body, conversationId),
  };
}

function placesOf(body: Buffer, id: number): number[] {
  const places: number[] = [];
  for (let at = body.indexOf(String(id)); at >= 0; at = body.indexOf(String(id), at + 1)) places.push(at);
  return places;
}

function requestOf({ path, secret }: Mould, body: Buffer): Buffer {
  const timestamp = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    'Accept: application/json',
    `X-Chatwoot-Timestamp: ${timestamp}`,
    `X-Chatwoot-Signature: sha256=${signature}`,
    'X-Chatwoot-Delivery: 00000000-0000-4000-8000-000000000000',
    `Content-Length: ${body.length}`,
    '',
    '',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}
