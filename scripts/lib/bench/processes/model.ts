// A model endpoint that takes its time and always says the same: at once after the delay, or after one tool call, which makes
// two model calls of the turn.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from '../child.ts';

interface ModelOptions {
  delayMs: number;
  /** Ask the search tool first. */
  withTool: boolean;
}

interface ChatRequest {
  messages: { role: string; content: string }[];
}

const text = 'Claro! Trocamos o produto com a nota fiscal; é só trazer na loja ou pedir o código de postagem aqui.';
let options: ModelOptions = { delayMs: 0, withTool: false };
let calls = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    calls += 1;
    const { messages } = JSON.parse(Buffer.concat(chunks).toString()) as ChatRequest;
    setTimeout(() => {
      const body = JSON.stringify(completion(messages));
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
      response.end(body);
    }, options.delayMs);
  });
});

function completion(messages: ChatRequest['messages']) {
  const asksTool = options.withTool && messages.at(-1)?.role !== 'tool';
  const question = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const search = { name: 'search_knowledge', arguments: JSON.stringify({ query: question }) };
  const message = asksTool
    ? { role: 'assistant', content: null, tool_calls: [{ id: `call-${calls}`, type: 'function', function: search }] }
    : { role: 'assistant', content: text };
  return {
    id: `answer-${calls}`,
    object: 'chat.completion',
    created: 0,
    model: 'bench',
    choices: [{ index: 0, message, finish_reason: asksTool ? 'tool_calls' : 'stop' }],
    usage: { prompt_tokens: 900, completion_tokens: 40, total_tokens: 940 },
  };
}

answerParent({
  start: () =>
    new Promise<string>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`));
    }),
  configure: (given: ModelOptions) => {
    options = given;
    calls = 0;
  },
  calls: () => calls,
});
