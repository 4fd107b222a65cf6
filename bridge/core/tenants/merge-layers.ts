// Inheritance between configuration layers: maps merge, lists and single values replace. A value that is empty in YAML
// (null) counts as not written, so that a commented-out block inherits instead of wiping what it covers.

/** The layers as one value, lowest first. Nothing given is changed. */
export function mergeLayers(layers: readonly unknown[]): unknown {
  return layers.reduce<unknown>((below, above) => merge(below, above), {});
}

function merge(below: unknown, above: unknown): unknown {
  if (above === null || above === undefined) return below;
  if (!isMap(above)) return above;
  const lower = isMap(below) ? below : {};
  const keys = new Set([...Object.keys(lower), ...Object.keys(above)]);
  const merged = [...keys].map((key): [string, unknown] => [key, merge(own(lower, key), own(above, key))]);
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own properties only: a key named like something every object inherits is data here. */
export function own(map: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
