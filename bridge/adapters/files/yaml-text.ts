// YAML in and out: the only place that knows the `yaml` package. YAML 1.2: `no`, `09:00` and dates stay text.
import { parseDocument, stringify } from 'yaml';
import type { FieldProblem } from '../../core/errors.ts';

export type YamlReading = { content: unknown; problem: null } | { content: null; problem: FieldProblem };

/** The content as plain values (null for an empty text), or the first problem with its line and column. */
export function readYaml(text: string): YamlReading {
  try {
    const document = parseDocument(text, { prettyErrors: true });
    const [error] = document.errors;
    if (error === undefined) return { content: document.toJS() as unknown, problem: null };
    const [place] = error.linePos ?? [];
    const where = place === undefined ? '' : `line ${place.line}, column ${place.col}: `;
    return wrong(`${where}${firstLine(error.message)}`);
  } catch (error) {
    // Aliases that name nothing or multiply without end show only when values are built.
    return wrong(firstLine(error instanceof Error ? error.message : String(error)));
  }
}

/** For stores that keep values as YAML. `parse` throws with the line and column of what is wrong. */
export const yamlText = {
  parse(text: string): unknown {
    const { content, problem } = readYaml(text);
    if (problem !== null) throw new Error(problem.message);
    return content;
  },
  stringify: (value: unknown): string => writeYaml(value),
};

/** @param comment lines above the content, without the `#` */
export function writeYaml(content: unknown, comment: readonly string[] = []): string {
  const above = comment.map((line) => `# ${line}`.trimEnd()).join('\n');
  return `${above === '' ? '' : `${above}\n`}${stringify(content, { lineWidth: 120 })}`;
}

function wrong(message: string): YamlReading {
  return { content: null, problem: { path: '', message: `is not YAML: ${message}` } };
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
}
