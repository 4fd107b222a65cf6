import assert from 'node:assert/strict';
import { z } from 'zod';
import { runAgent, WrongToolArguments } from '../../../bridge/core/crew/agent.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { ModelMessage } from '../../../bridge/core/ports/chat-model.ts';
import { createCatalogue, toCatalogueTool } from '../../../bridge/core/tools/tool.ts';
import type { ToolResult } from '../../../bridge/core/tools/tool.ts';
import type { Turn } from '../../../bridge/core/turn.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { callTool } from '../hub/world/scripted-model.ts';
import { makeTurn, withScript } from './make-turn.ts';

const start: ModelMessage[] = [{ role: 'user', text: 'Qual o prazo?' }];

/** A tool that notes what it was called with and returns, or throws, what the test wants. */
function catalogueWith(answer: (input: { query: string }, turn: Turn) => Promise<ToolResult> = async () => found) {
  const inputs: { query: string }[] = [];
  const search = toCatalogueTool({
    name: 'search',
    description: 'Searches.',
    input: z.strictObject({ query: z.string().min(1) }),
    access: 'read',
    run: (turn, input) => {
      inputs.push(input);
      return answer(input, turn);
    },
  });
  const person = toCatalogueTool({
    name: 'person',
    description: 'Calls a person.',
    input: z.strictObject({}),
    access: 'write',
    run: async () => ({ text: 'called', sources: [], handoff: { reason: 'customer_asked' as const, note: 'pediu' } }),
  });
  return { inputs, catalogue: createCatalogue([search, person]) };
}

const found: ToolResult = { text: 'Troca em até 15 dias.', sources: [{ kind: 'rule', id: 'r1', title: 'Trocas' }] };

describe('the agent', () => {
  it('answers at once when the model wants no tool, and counts what it cost', async () => {
    const turn = makeTurn(withScript({ text: ' Oi! ' }));
    const result = await runAgent(turn, catalogueWith().catalogue, start);
    assert.deepEqual(result, { text: 'Oi!', sources: [], evidence: [], searches: [], handoff: null });
    const call = { purpose: 'chat', model: 'scripted', inputTokens: 10, outputTokens: 5 };
    assert.deepEqual(turn.usage, { calls: [call] });
  });

  it('runs the tools the model wants, gives it their results as data, and keeps them as evidence and sources', async () => {
    const script = withScript(callTool('search', { query: 'troca' }), { text: 'Em até 15 dias.' });
    const turn = makeTurn(script);
    const { catalogue, inputs } = catalogueWith();
    const result = await runAgent(turn, catalogue, start);
    assert.deepEqual(inputs, [{ query: 'troca' }]);
    assert.deepEqual(result, {
      text: 'Em até 15 dias.',
      sources: found.sources,
      evidence: [found.text],
      searches: null,
      handoff: null,
    });
    const [, second] = script.model.requests;
    const last = second?.messages.at(-1);
    assert.ok(last?.role === 'tool');
    assert.match(last.text, /not instructions\):\nTroca em até 15 dias/);
    assert.deepEqual(
      turn.toolRuns.map(({ name, ok }) => [name, ok]),
      [['search', true]],
    );
    assert.deepEqual(
      script.model.requests[0]?.tools.map(({ name }) => name),
      ['search', 'person'],
    );
    assert.equal(turn.usage.calls.length, 2);
  });

  it('answers every tool call of one step, each to its own id', async () => {
    const both = {
      toolCalls: [
        ...(callTool('search', { query: 'a' }).toolCalls ?? []),
        ...(callTool('search', { query: 'b' }).toolCalls ?? []),
      ],
    };
    const script = withScript(both, { text: 'ok' });
    await runAgent(
      makeTurn(script),
      catalogueWith(async ({ query }) => ({ text: query, sources: [] })).catalogue,
      start,
    );
    const answers = script.model.requests[1]?.messages.filter((message) => message.role === 'tool') ?? [];
    assert.deepEqual(
      answers.map(({ callId, text }) => [callId, text.at(-1)]),
      both.toolCalls.map(({ id }, index) => [id, 'ab'[index]]),
    );
  });

  it('tells the model once that its arguments are wrong, and takes the corrected ones', async () => {
    const script = withScript(callTool('search', { q: 'troca' }), callTool('search', { query: 'troca' }), {
      text: 'ok',
    });
    const turn = makeTurn(script);
    const { catalogue, inputs } = catalogueWith();
    await runAgent(turn, catalogue, start);
    assert.deepEqual(inputs, [{ query: 'troca' }]);
    const told = script.model.requests[1]?.messages.at(-1);
    assert.match(told?.role === 'tool' ? told.text : '', /arguments are wrong: .*query.*Send them again, corrected\./s);
    assert.deepEqual(
      turn.toolRuns.map(({ ok }) => ok),
      [false, true],
    );
  });

  const wrong: [string, unknown][] = [
    ['no JSON', 'query: troca'],
    ['half a JSON', '{"query": "tro'],
    ['another type', { query: 5 }],
    ['a field nobody knows', { query: 'a', tenant: 'other' }],
    ['a list', []],
    ['null', 'null'],
    ['nothing', ''],
  ];
  for (const [name, args] of wrong) {
    it(`gives the model up when its arguments are wrong a second time (${name})`, async () => {
      const turn = makeTurn(withScript(callTool('search', args), callTool('search', args)));
      const { catalogue, inputs } = catalogueWith();
      await assert.rejects(
        runAgent(turn, catalogue, start),
        (error: unknown) => error instanceof WrongToolArguments && error.code === 'model_misbehaved',
      );
      assert.deepEqual(inputs, []);
    });
  }

  it('counts a tool that nobody has as wrong arguments', async () => {
    const script = withScript(callTool('drop_tables', {}), callTool('drop_tables', {}));
    await assert.rejects(runAgent(makeTurn(script), catalogueWith().catalogue, start), WrongToolArguments);
    const told = script.model.requests[1]?.messages.at(-1);
    assert.match(told?.role === 'tool' ? told.text : '', /There is no tool drop_tables/);
  });

  it('takes no arguments for empty arguments where a tool needs none', async () => {
    const result = await runAgent(makeTurn(withScript(callTool('person', ''))), catalogueWith().catalogue, start);
    assert.equal(result.handoff?.reason, 'customer_asked');
  });

  it('goes on when a tool fails, and the model knows that it did', async () => {
    const log = quietLog();
    const script = withScript(callTool('search', { query: 'a' }), { text: 'Não consegui ver agora.' });
    const turn = makeTurn({ ...script, logger: log });
    const { catalogue } = catalogueWith(() => Promise.reject(new BridgeError('upstream_unavailable', 'Odoo is away')));
    const result = await runAgent(turn, catalogue, start);
    assert.deepEqual([result.text, result.evidence], ['Não consegui ver agora.', []]);
    const told = script.model.requests[1]?.messages.at(-1);
    assert.match(told?.role === 'tool' ? told.text : '', /could not answer now/);
    assert.ok(
      !JSON.stringify(script.model.requests).includes('Odoo is away'),
      'what went wrong is not the model’s business',
    );
    assert.deepEqual(
      turn.toolRuns.map(({ ok }) => ok),
      [false],
    );
    assert.equal(log.lines[0]?.message, 'tool.failed');
  });

  it('stops when the turn is over, instead of telling the model that a tool failed', async () => {
    const turnOver = new AbortController();
    const { catalogue } = catalogueWith(async () => {
      turnOver.abort(new BridgeError('busy', 'lock lost'));
      throw new Error('cut');
    });
    const turn = makeTurn({ ...withScript(callTool('search', { query: 'a' })), signal: turnOver.signal });
    await assert.rejects(runAgent(turn, catalogue, start));
  });

  it('ends with the handoff when a tool asks for a person: whatever else was wanted is not run', async () => {
    const both = {
      text: 'Vou chamar!',
      toolCalls: [...(callTool('person', {}).toolCalls ?? []), ...(callTool('search', { query: 'a' }).toolCalls ?? [])],
    };
    const { catalogue, inputs } = catalogueWith();
    const result = await runAgent(makeTurn(withScript(both)), catalogue, start);
    assert.deepEqual(result.handoff, { reason: 'customer_asked', note: 'pediu' });
    assert.deepEqual(inputs, []);
  });

  it('asks no more often than it may', async () => {
    const script = withScript(...Array.from({ length: 3 }, () => callTool('search', { query: 'a' })));
    const limits = { modelCalls: 3, toolCalls: 9, outputTokens: 700 };
    await assert.rejects(runAgent(makeTurn(script), catalogueWith().catalogue, start, limits), { code: 'run_limit' });
    assert.equal(script.model.left, 0);
  });

  it('runs no more tools than it may, also within one step', async () => {
    const many = {
      toolCalls: Array.from({ length: 5 }, () => callTool('search', { query: 'a' }).toolCalls ?? []).flat(),
    };
    const { catalogue, inputs } = catalogueWith();
    const limits = { modelCalls: 6, toolCalls: 4, outputTokens: 700 };
    await assert.rejects(runAgent(makeTurn(withScript(many)), catalogue, start, limits), { code: 'run_limit' });
    assert.equal(inputs.length, 4);
  });

  for (const text of ['', '   ', '\n\t']) {
    it(`takes ${JSON.stringify(text)} for no answer`, async () => {
      const turn = makeTurn(withScript({ text }));
      const rejection = runAgent(turn, catalogueWith().catalogue, start);
      await assert.rejects(
        rejection,
        (error: unknown) =>
          error instanceof BridgeError && error.code === 'model_misbehaved' && !(error instanceof WrongToolArguments),
      );
    });
  }

  it('passes on what the model’s endpoint rejects with', async () => {
    const down = new BridgeError('upstream_unavailable', 'away');
    await assert.rejects(runAgent(makeTurn(withScript(down)), catalogueWith().catalogue, start), down);
  });

  it('leaves the messages it was given as they were', async () => {
    const given = [...start];
    await runAgent(
      makeTurn(withScript(callTool('search', { query: 'a' }), { text: 'ok' })),
      catalogueWith().catalogue,
      given,
    );
    assert.deepEqual(given, start);
  });
});
