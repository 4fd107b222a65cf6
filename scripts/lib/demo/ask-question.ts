// One question through the whole product: written by a customer into the simulated Chatwoot, delivered signed, answered by
// the bridge, read back from Chatwoot with the sources from the turn's trace.
import type { Demo } from './start-demo.ts';
import { demoChannels } from './demo-tenants.ts';

export interface Question {
  text: string;
  tenant: string;
  channel: string;
}

interface Trace {
  turn_id: string;
  sources: { kind: string; id: string; title: string }[];
}

const replyTimeoutMs = 45_000;

/** The reply and its sources as lines for standard output. Rejects with one clear line when tenant or channel are unknown. */
export async function askQuestion(demo: Demo, question: Question): Promise<string[]> {
  const tenant = demo.tenants.find(({ accountId }) => accountId === question.tenant);
  if (!tenant) {
    throw new Error(
      `no tenant is called ${question.tenant}; there are: ${demo.tenants.map(({ accountId }) => accountId).join(', ')}`,
    );
  }
  const inbox = tenant.inboxes.find(({ channel }) => channel === question.channel);
  if (!inbox) throw new Error(`no channel is called ${question.channel}; there are: ${demoChannels.join(', ')}`);
  const contact = { name: 'Marta Lima', phone_number: '+5511999000000', email: 'marta@example.org' };
  const asked = demo.sandbox.api.customerWrites({
    account: tenant.chatwootAccountId,
    inbox: inbox.id,
    contact,
    text: question.text,
  });
  const reply = await demo.sandbox.api.waitForReply(asked, undefined, replyTimeoutMs);
  const tag = reply.content_attributes['ui_turn'];
  const turnId = typeof tag === 'string' ? tag : '';
  const trace = await traceOf(demo, tenant.accountId, asked.conversation, turnId);
  return [String(reply.content), '', ...sourceLines(trace)];
}

/** The trace is written after the reply went out, so it is waited for. */
async function traceOf(
  demo: Demo,
  accountId: string,
  conversationId: number,
  turnId: string,
): Promise<Trace | undefined> {
  const url = `${demo.bridge.url}/console/api/turns?account_id=${accountId}&conversation_id=${conversationId}`;
  for (let attempt = 0; attempt < 50; attempt++) {
    const response = await fetch(url, { headers: { Authorization: `Bearer ${demo.bridge.adminToken}` } });
    const traces = (await response.json()) as Trace[];
    const trace = Array.isArray(traces) ? traces.find(({ turn_id }) => turn_id === turnId) : undefined;
    if (trace) return trace;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}

function sourceLines(trace: Trace | undefined): string[] {
  if (!trace || trace.sources.length === 0) return ['Sources: none'];
  return ['Sources:', ...trace.sources.map(({ kind, id, title }) => `- ${kind} ${id}: ${title}`)];
}
