// What rows about turns share: customers who write, and the times until they are answered.
import type { BenchInstallation } from '../bench-installation.ts';
import type { BenchTenant } from '../bench-tenants.ts';
import type { Conversing, CustomerTurn } from '../processes/chatwoot.ts';

/** No two alike, so that no answer is given from a cache. */
const things = ['vestido', 'sapato', 'perfume', 'colar', 'casaco', 'relógio', 'batom', 'cinto', 'chapéu', 'lenço'];
const colours = ['azul', 'verde', 'preto', 'branco', 'vermelho', 'amarelo', 'rosa', 'cinza', 'roxo', 'bege'];
const people = ['minha mãe', 'meu pai', 'minha irmã', 'meu irmão', 'minha tia', 'meu avô', 'minha avó', 'meu primo'];

export function question(index: number): string {
  const thing = things[index % 10] ?? '';
  const colour = colours[Math.floor(index / 10) % 10] ?? '';
  const person = people[Math.floor(index / 100) % 8] ?? '';
  const days = Math.floor(index / 800);
  return `Posso trocar o ${thing} ${colour} que comprei para ${person}${days > 0 ? ` há ${days} dias` : ''}?`;
}

export function turnOf(tenant: BenchTenant, index: number, atMs: number): CustomerTurn {
  const { chatwootAccountId: account, inboxId: inbox } = tenant;
  return { account, inbox, who: `Cliente ${index}`, text: question(index), atMs };
}

/** Milliseconds from the customer's message to the stored reply. Rejects when somebody was left without one. */
export async function converse(installation: BenchInstallation, turns: CustomerTurn[], timeoutMs = 120_000) {
  const times = await installation.chatwoot.ask<(number | null)[]>('converse', {
    turns,
    timeoutMs,
  } satisfies Conversing);
  const answered = times.filter((time) => time !== null);
  if (answered.length < times.length) {
    throw new Error(`${times.length - answered.length} of ${times.length} got no reply`);
  }
  return answered;
}

/** One after the other for every tenant, so that what is built when first needed is there before anything is measured. */
export async function warmUp(installation: BenchInstallation, rounds = 3): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await converse(
      installation,
      installation.tenants.map((tenant) => turnOf(tenant, 7_000 + round, 0)),
    );
  }
}

/** Fails when the bridge made a call Chatwoot does not know: then the figures mean nothing. */
export async function assertNoViolations(installation: BenchInstallation): Promise<void> {
  const violations = await installation.chatwoot.ask<unknown[]>('violations');
  if (violations.length > 0) throw new Error(`calls Chatwoot does not know: ${JSON.stringify(violations.slice(0, 3))}`);
}
