// One line on standard error before something that takes long, so that nobody thinks it hangs. Standard output stays
// for results.

/** Says what begins now. */
export function announce(text: string): void {
  process.stderr.write(`${text} …\n`);
}
