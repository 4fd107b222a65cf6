// Steers a model server that runs as a process of its own. JSON in, JSON out:
// POST /sandbox/script {steps, any_order} · POST /sandbox/fault {…} · POST /sandbox/config {delayMs, mode, …} · POST /sandbox/reset · GET /sandbox/calls
// In steps, a text of the form "/…/" in lastMessage or anyMessage is a regular expression.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { ModelApi } from './model-api.ts';
import { modelFault } from './model-fault.ts';

const pattern = z.string().transform((text) => {
  const inner = /^\/(.+)\/$/.exec(text)?.[1];
  return inner === undefined ? text : new RegExp(inner, 'i');
});

const step = z.strictObject({
  name: z.string().optional(),
  match: z
    .strictObject({
      lastMessage: pattern.optional(),
      lastRole: z.enum(['user', 'tool', 'assistant', 'system', 'developer']).optional(),
      anyMessage: pattern.optional(),
      tools: z.array(z.string()).optional(),
      hasTools: z.boolean().optional(),
      model: z.string().optional(),
    })
    .optional(),
  answer: z
    .strictObject({
      text: z.string().nullable().optional(),
      toolCalls: z
        .array(
          z.strictObject({ name: z.string(), arguments: z.union([z.string(), z.record(z.string(), z.unknown())]) }),
        )
        .optional(),
      finishReason: z.enum(['stop', 'length', 'tool_calls', 'content_filter']).optional(),
      usage: z.strictObject({ prompt_tokens: z.number(), completion_tokens: z.number() }).optional(),
    })
    .optional(),
  fault: modelFault.optional(),
  times: z.number().int().positive().optional(),
});

const scriptBody = z.strictObject({ steps: z.array(step), any_order: z.boolean().default(false) });
const configBody = z.strictObject({
  mode: z.enum(['rules', 'script']).optional(),
  delayMs: z.number().nonnegative().optional(),
  embeddingDelayMs: z.number().nonnegative().optional(),
  dimensions: z.number().int().positive().optional(),
  transcript: z.string().optional(),
});

export async function handleAdmin(
  api: ModelApi,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  try {
    const body: unknown = parts.length === 0 ? {} : JSON.parse(Buffer.concat(parts).toString('utf8'));
    reply(response, 200, act(api, `${request.method ?? 'GET'} ${path}`, body));
  } catch (error) {
    reply(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function act(api: ModelApi, action: string, body: unknown): unknown {
  switch (action) {
    case 'POST /sandbox/script': {
      const { steps, any_order: anyOrder } = scriptBody.parse(body);
      api.expect(steps, { anyOrder });
      return { steps: steps.length };
    }
    case 'POST /sandbox/fault':
      api.fault(modelFault.parse(body));
      return { ok: true };
    case 'POST /sandbox/config':
      Object.assign(api.config, configBody.parse(body));
      return api.config;
    case 'POST /sandbox/reset':
      api.reset();
      return { ok: true };
    case 'GET /sandbox/calls':
      return { calls: api.calls, unplanned: api.unplanned, remaining: api.script.remaining };
    default:
      throw new Error(`no such action: ${action}`);
  }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
