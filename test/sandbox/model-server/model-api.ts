// What a suite does with the model server: plan its answers, break it, look at the calls it got.
import type { ChatRequest } from './chat-request.ts';
import type { ModelFault } from './model-fault.ts';
import { ModelFaults } from './model-fault.ts';
import { ModelScript, type ScriptStep } from './script.ts';

export interface ModelServerConfig {
  /** `rules` answers everything from its rules, `script` refuses what is not planned. Default: script. */
  mode: 'rules' | 'script';
  /** Milliseconds before every chat answer. */
  delayMs: number;
  embeddingDelayMs: number;
  /** Vector length when a request names none. */
  dimensions: number;
  /** When given, every call must carry it as bearer. */
  apiKey: string | null;
  transcript: string;
}

export interface ModelCall {
  endpoint: 'chat' | 'embeddings' | 'transcriptions' | 'models' | 'unknown';
  at: string;
  /** null: stalled or cut. */
  status: number | null;
  ms: number | null;
  request: unknown;
  answer: unknown;
  step: string | null;
}

export class ModelApi {
  readonly script = new ModelScript();
  readonly faults = new ModelFaults();
  config: ModelServerConfig;
  /** Every call, oldest first. */
  calls: ModelCall[] = [];
  /** Calls the script did not expect, and calls the real endpoint would refuse; a suite asserts that it is empty. */
  unplanned: { reason: string; request: unknown }[] = [];
  /** Answers for the next transcriptions; then the configured one. */
  transcripts: string[] = [];

  constructor(config: Partial<ModelServerConfig>) {
    this.config = {
      mode: 'script',
      delayMs: 0,
      embeddingDelayMs: 0,
      dimensions: 256,
      apiKey: null,
      transcript: 'Qual o prazo para trocar um produto?',
      ...config,
    };
  }

  /** Plans the chat calls to come; replaces what was planned. */
  expect(steps: readonly ScriptStep[], options: { anyOrder?: boolean } = {}): void {
    this.script.load(steps, options);
  }

  fault(fault: ModelFault): void {
    this.faults.add(fault);
  }

  /** @throws Error when a call was not planned or a planned call never came */
  assertDone(): void {
    const problems = [
      ...this.unplanned.map(({ reason }) => reason),
      ...this.script.remaining.map((name) => `never called: ${name}`),
    ];
    if (problems.length > 0) throw new Error(`model server: ${problems.join('; ')}`);
  }

  /** Chat requests in order. */
  get chats(): ChatRequest[] {
    return this.calls.filter((call) => call.endpoint === 'chat').map((call) => call.request as ChatRequest);
  }

  reset(): void {
    this.script.load([]);
    this.faults.clear();
    this.calls = [];
    this.unplanned = [];
    this.transcripts = [];
  }
}
