// A process that dies: every call of every port is a step, and at the step a test names, before or after its effect, the
// process is dead. From then on nothing it tries reaches anybody, not even giving its lock back.
export type DeathAt = { step: number; when: 'before' | 'after' };

export class Died extends Error {}

export class Mortal {
  /** Names of the steps that were begun, in order. */
  readonly steps: string[] = [];
  readonly #deathAt: DeathAt | null;
  #isDead = false;

  constructor(deathAt: DeathAt | null) {
    this.#deathAt = deathAt;
  }

  isDead(): boolean {
    return this.#isDead;
  }

  /** The same object, all of whose asynchronous methods are steps; `silent` ones only stop working at death. */
  bind<T extends object>(name: string, target: T, silent: readonly string[] = []): T {
    return new Proxy(target, {
      get: (object, property) => {
        const value: unknown = Reflect.get(object, property, object);
        if (typeof value !== 'function') return value;
        const call = value as (...args: unknown[]) => unknown;
        if (silent.includes(String(property))) {
          return async (...args: unknown[]) => this.#alive(() => call.apply(object, args));
        }
        return (...args: unknown[]) => this.#step(`${name}.${String(property)}`, async () => call.apply(object, args));
      },
    });
  }

  async #alive<T>(work: () => T): Promise<Awaited<T>> {
    if (this.#isDead) throw new Died('dead');
    return await work();
  }

  async #step(name: string, work: () => Promise<unknown>): Promise<unknown> {
    if (this.#isDead) throw new Died('dead');
    const step = this.steps.push(name);
    const dies = this.#deathAt?.step === step ? this.#deathAt.when : null;
    if (dies === 'before') return this.#die();
    const result = await work();
    if (dies === 'after') return this.#die();
    return result;
  }

  #die(): never {
    this.#isDead = true;
    throw new Died('dies here');
  }
}
