// What the schema found wrong, as field problems with dotted paths. Unknown keys are told apart from wrong values,
// because a tenant file may carry keys of a newer version while a wrong value must never be guessed around.
import type { z } from 'zod';
import type { FieldProblem } from '../errors.ts';

export type FieldPath = (string | number)[];

export interface FoundIssue {
  kind: 'unknown_key' | 'wrong_value';
  path: FieldPath;
  message: string;
}

type Issue = z.core.$ZodIssue;

/** One entry per unknown key and per wrong value; of a union the branch that fits best speaks. */
export function foundIssues(issues: readonly Issue[]): FoundIssue[] {
  return issues.flatMap((issue): FoundIssue[] => {
    const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ kind: 'unknown_key', path: [...path, key], message: 'unknown key' }));
    }
    if (issue.code === 'invalid_key') {
      return [{ kind: 'unknown_key', path, message: issue.issues[0]?.message ?? 'unknown key' }];
    }
    if (issue.code === 'invalid_union') return unionIssues(issue, path);
    return [{ kind: 'wrong_value', path, message: inPlainWords(issue.message) }];
  });
}

function inPlainWords(message: string): string {
  return message.endsWith('received undefined') ? 'is missing' : message;
}

export function toProblem(issue: FoundIssue): FieldProblem {
  return { path: dotted(issue.path), message: issue.message };
}

export function dotted(path: FieldPath): string {
  return path.join('.');
}

function unionIssues(issue: Extract<Issue, { code: 'invalid_union' }>, path: FieldPath): FoundIssue[] {
  const branches = issue.errors.map((branch) => foundIssues(branch)).filter((branch) => branch.length > 0);
  const best = branches.sort((a, b) => weight(a) - weight(b))[0];
  if (best === undefined) return [{ kind: 'wrong_value', path, message: issue.message }];
  return best.map((inner) => ({ ...inner, path: [...path, ...inner.path] }));
}

/** A branch with one wrong value is further away than a branch with any number of unknown keys. */
function weight(branch: FoundIssue[]): number {
  return branch.reduce((sum, issue) => sum + (issue.kind === 'wrong_value' ? 1000 : 1), 0);
}
