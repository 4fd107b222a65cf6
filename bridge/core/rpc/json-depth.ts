// How deep a JSON value is nested, without recursion: JSON.parse reads any depth, but schemas, hashing and JSON.stringify
// recurse and would fail as if it were our own mistake.

/** Depth of the value, 0 for a scalar; stops counting just past `limit`. */
export function maxDepth(value: unknown, limit: number): number {
  let level = containersIn([value]);
  let depth = 0;
  while (level.length > 0 && depth <= limit) {
    depth += 1;
    level = level.flatMap((container) => containersIn(Object.values(container)));
  }
  return depth;
}

function containersIn(values: unknown[]): object[] {
  return values.filter((value): value is object => typeof value === 'object' && value !== null);
}
