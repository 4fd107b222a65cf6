// A chat completion: is the request one the real endpoint takes, which answer is planned, what goes wrong with it.
import { chatCompletion, type ModelAnswer } from './chat-answer.ts';
import { chatRequest, type ChatRequest, orderProblem } from './chat-request.ts';
import { breakAnswer, passFault } from './apply-fault.ts';
import { type HttpAnswer, parseJson, refuse } from './http-answer.ts';
import type { ModelApi, ModelCall } from './model-api.ts';
import { modelFault, type ReadyFault } from './model-fault.ts';
import { ruleAnswer } from './rule-answers.ts';
import { sleep } from './sleep.ts';
import type { ServerResponse } from 'node:http';

export async function answerChat(
  api: ModelApi,
  call: ModelCall,
  bytes: Buffer,
  response: ServerResponse,
): Promise<HttpAnswer | 'gone'> {
  const raw = parseJson(bytes);
  call.request = raw;
  const parsed = chatRequest.safeParse(raw);
  if (!parsed.success) {
    return refuse(
      api,
      raw,
      parsed.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`).join('; '),
    );
  }
  const order = orderProblem(parsed.data.messages);
  if (order !== null) return refuse(api, raw, order);
  const fault = api.faults.take('chat');
  const early = await passFault(fault, response);
  if (early !== null) return early;
  const planned = plan(api, call, parsed.data);
  if (planned === null) {
    return refuse(
      api,
      raw,
      `unplanned call, last message: ${JSON.stringify(parsed.data.messages.at(-1)).slice(0, 300)}`,
    );
  }
  const stepEarly = await passFault(planned.fault, response);
  if (stepEarly !== null) return stepEarly;
  await sleep(api.config.delayMs);
  return { status: 200, json: chatCompletion(parsed.data, breakAnswer(planned.answer, planned.fault ?? fault)) };
}

function plan(
  api: ModelApi,
  call: ModelCall,
  request: ChatRequest,
): { answer: ModelAnswer; fault: ReadyFault | null } | null {
  if (api.config.mode === 'rules') return { answer: ruleAnswer(request), fault: null };
  const step = api.script.take(request);
  if (step === null) return null;
  call.step = step.name ?? null;
  const answer = typeof step.answer === 'function' ? step.answer(request) : (step.answer ?? {});
  return { answer, fault: step.fault === undefined ? null : modelFault.parse(step.fault) };
}
