// The evaluation set in test/eval/knowledge: documents of three made-up companies and customers' questions about them.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { yamlText } from '../../../../bridge/adapters/files/yaml-text.ts';
import { KnowledgeDocument } from '../../../../bridge/core/knowledge/document.ts';

export const domains = ['cosmetics', 'healthcare', 'retail'] as const;
export type Domain = (typeof domains)[number];
export const classes = ['plain', 'hard', 'similar', 'expired_or_future', 'none'] as const;

const Question = z.object({
  id: z.string(),
  domain: z.enum(domains),
  at: z.string(),
  text: z.string(),
  /** Documents that answer it; empty when none does. */
  expect: z.array(z.string()),
  /** Documents that must not be used: they are not valid at `at`. */
  forbidden: z.array(z.string()).default([]),
  class: z.enum(classes),
});
export type Question = z.infer<typeof Question>;

const folder = path.resolve(import.meta.dirname, '../../../../test/eval/knowledge');

export function readDocuments(domain: Domain): KnowledgeDocument[] {
  return z.array(KnowledgeDocument).parse(readYaml(`documents/${domain}.yaml`));
}

/** `tuning` may be looked at; of `blind` only figures may ever be shown. */
export function readQuestions(half: 'tuning' | 'blind'): Question[] {
  return z.array(Question).parse(readYaml(`questions/${half}.yaml`));
}

function readYaml(name: string): unknown {
  return yamlText.parse(readFileSync(path.join(folder, name), 'utf8'));
}
