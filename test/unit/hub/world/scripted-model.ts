// A model that says what a test wrote down, step by step, and fails the test when it is asked more than that.
import assert from 'node:assert/strict';
import type { ChatModel, ModelRequest, ModelStep } from '../../../../bridge/core/ports/chat-model.ts';

export type ScriptStep =
  Partial<ModelStep> | Error | ((request: ModelRequest, signal: AbortSignal) => Promise<ModelStep>);

export class ScriptedModel implements ChatModel {
  readonly name = 'scripted';
  readonly requests: ModelRequest[] = [];
  readonly #steps: ScriptStep[];

  constructor(steps: ScriptStep[]) {
    this.#steps = [...steps];
  }

  async next(request: ModelRequest, signal: AbortSignal): Promise<ModelStep> {
    this.requests.push(structuredClone(request));
    const step = this.#steps.shift();
    assert.ok(step, `the model was asked ${this.requests.length} times, which the script does not plan`);
    if (step instanceof Error) throw step;
    if (typeof step === 'function') return step(request, signal);
    return { text: '', toolCalls: [], usage: { inputTokens: 10, outputTokens: 5 }, ...step };
  }

  get left(): number {
    return this.#steps.length;
  }
}

let calls = 0;

/** One wish of the model to run a tool. */
export function callTool(name: string, args: unknown): Partial<ModelStep> {
  calls += 1;
  const argumentsJson = typeof args === 'string' ? args : JSON.stringify(args);
  return { toolCalls: [{ id: `call-${calls}`, name, argumentsJson }] };
}
