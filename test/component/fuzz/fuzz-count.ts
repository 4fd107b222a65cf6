// How much is generated: a share of it in the ordinary run, all of it with FUZZ=full. The seed is printed, and FUZZ_SEED
// repeats a run.
export const isFullFuzz = process.env['FUZZ'] === 'full';
export const fuzzSeed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);

export function fuzzCount(full: number): number {
  return isFullFuzz ? full : Math.round(full / 5);
}
