// What stops the start: every problem of the environment at once, one line each, in words for the person who sets it.

export class SettingsError extends Error {
  /** One line per problem, each starting with the variable's name; never a secret's value. */
  readonly problems: string[];

  constructor(problems: string[]) {
    super(problems.join('\n'));
    this.name = 'SettingsError';
    this.problems = problems;
  }
}
