// A process of the bench's own that is spoken to by calls: the parent asks by name, the child answers. What is measured must
// not share a process, and so an event loop, with what measures it.
import { fork } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

export interface Child {
  ask<T>(name: string, input?: unknown): Promise<T>;
  stop(): Promise<void>;
}

interface Question {
  id: number;
  name: string;
  input: unknown;
}

interface Answer {
  id: number;
  output?: unknown;
  error?: string;
}

/** Starts `processes/<name>.ts`. */
export function startChild(name: string): Child {
  const child = fork(path.join(import.meta.dirname, 'processes', `${name}.ts`), {
    cwd: root,
    execArgv: ['--import', 'ts-blank-space/register'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const open = new Map<number, { resolve: (output: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  child.on('message', (message) => {
    const { id, output, error } = message as Answer;
    const asked = open.get(id);
    open.delete(id);
    if (error === undefined) asked?.resolve(output);
    else asked?.reject(new Error(`${name}: ${error}`));
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void exited.then(() => open.forEach(({ reject }) => reject(new Error(`${name} ended`))));
  return {
    ask: <T>(question: string, input?: unknown) =>
      new Promise<T>((resolve, reject) => {
        last += 1;
        open.set(last, { resolve: (output) => resolve(output as T), reject });
        child.send({ id: last, name: question, input } satisfies Question);
      }),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** The child's side. Ends with its parent. */
export function answerParent(answers: Record<string, (input: never) => unknown>): void {
  process.on('message', (message) => {
    const { id, name, input } = message as Question;
    void answer(id, async () => answers[name]?.(input as never));
  });
  process.on('disconnect', () => process.exit(0));
}

async function answer(id: number, work: () => Promise<unknown>): Promise<void> {
  const reply = (given: Omit<Answer, 'id'>) => process.send?.({ id, ...given } satisfies Answer);
  try {
    reply({ output: await work() });
  } catch (error) {
    reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
