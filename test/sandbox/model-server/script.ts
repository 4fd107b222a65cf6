// The strict mode: a list of expected calls. Each call must fit the next step (or any step left, when order does not matter);
// a call nobody planned is refused and remembered, so that the test fails instead of passing by luck.
import { type ChatRequest, textOf, toolNames } from './chat-request.ts';
import type { ModelAnswer } from './chat-answer.ts';
import type { ModelFault } from './model-fault.ts';

export interface StepMatch {
  /** The last message's text holds this (a text, any case) or matches. */
  lastMessage?: string | RegExp | undefined;
  lastRole?: 'user' | 'tool' | 'assistant' | 'system' | 'developer' | undefined;
  /** Any message's text holds this. */
  anyMessage?: string | RegExp | undefined;
  /** All these tools are offered. */
  tools?: string[] | undefined;
  /** Whether any tool is offered at all. */
  hasTools?: boolean | undefined;
  model?: string | undefined;
}

export interface ScriptStep {
  name?: string | undefined;
  match?: StepMatch | undefined;
  answer?: ModelAnswer | ((request: ChatRequest) => ModelAnswer) | undefined;
  /** Instead of an answer. */
  fault?: ModelFault | undefined;
  /** How many calls this step serves. Default 1. */
  times?: number | undefined;
}

export class ModelScript {
  private steps: { step: ScriptStep; left: number }[] = [];
  private anyOrder = false;

  load(steps: readonly ScriptStep[], options: { anyOrder?: boolean } = {}): void {
    this.steps = steps.map((step) => ({ step, left: step.times ?? 1 }));
    this.anyOrder = options.anyOrder ?? false;
  }

  /** Steps no call has used up. */
  get remaining(): string[] {
    return this.steps.map(({ step }, index) => step.name ?? `step ${index + 1} of the remaining`);
  }

  take(request: ChatRequest): ScriptStep | null {
    const candidates = this.anyOrder ? this.steps : this.steps.slice(0, 1);
    const found = candidates.find(({ step }) => fits(step.match ?? {}, request));
    if (found === undefined) return null;
    found.left -= 1;
    if (found.left <= 0) this.steps = this.steps.filter((other) => other !== found);
    return found.step;
  }
}

function fits(match: StepMatch, request: ChatRequest): boolean {
  const last = request.messages.at(-1);
  const offered = toolNames(request);
  return (
    (match.lastMessage === undefined || holds(textOf(last), match.lastMessage)) &&
    (match.lastRole === undefined || last?.role === match.lastRole) &&
    (match.anyMessage === undefined ||
      request.messages.some((message) => holds(textOf(message), match.anyMessage ?? ''))) &&
    (match.tools ?? []).every((name) => offered.includes(name)) &&
    (match.hasTools === undefined || match.hasTools === offered.length > 0) &&
    (match.model === undefined || match.model === request.model)
  );
}

function holds(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.toLowerCase().includes(wanted.toLowerCase()) : wanted.test(text);
}
