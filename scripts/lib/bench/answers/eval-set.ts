// The evaluation set as data: documents of the three made-up companies and the questions about them. Blind questions are
// read here for counting only; nothing prints them.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { yamlText } from '../../../../bridge/adapters/files/yaml-text.ts';

export const evalDomains = ['cosmetics', 'healthcare', 'retail'] as const;
export type EvalDomain = (typeof evalDomains)[number];

const folder = new URL('../../../../test/eval/knowledge/', import.meta.url);
const domain = z.enum(evalDomains);
const Pair = z.object({ id: z.string(), domain, a: z.string(), b: z.string() });
export type Pair = z.infer<typeof Pair>;
const Question = z.object({ id: z.string(), domain, text: z.string(), class: z.string(), lang: z.string().optional() });
export type Question = z.infer<typeof Question>;

export function evalDocuments(name: EvalDomain): unknown[] {
  return z.array(z.unknown()).parse(read(`documents/${name}.yaml`));
}

export function evalPairs(name: 'traps' | 'paraphrases'): Pair[] {
  return z.array(Pair).parse(read(`questions/${name}.yaml`));
}

export function evalQuestions(name: 'blind' | 'tuning'): Question[] {
  return z.array(Question).parse(read(`questions/${name}.yaml`));
}

function read(file: string): unknown {
  return yamlText.parse(readFileSync(new URL(file, folder), 'utf8'));
}
