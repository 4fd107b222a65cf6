// Ways to spoil a JSON value or a text: another type, another size, strange letters, missing and repeated parts. A mutation
// is data (where, what), so that a failing one can be printed and shrunk.
import fc from 'fast-check';

export interface Mutation {
  /** Picks the place, counted over all places of the value. */
  place: number;
  put: unknown;
  /** Takes the place out instead. */
  drop: boolean;
}

const deep = (levels: number): unknown => {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

/** A key of its own, as JSON.parse makes it: an own property that a careless merge takes for the prototype. */
const prototypeKeys: unknown = JSON.parse(
  '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
);

const strange = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom<unknown>(
    null,
    '',
    0,
    -1,
    1e308,
    -1e308,
    Number.MAX_SAFE_INTEGER + 2,
    0.1,
    '\u0000',
    '\ud800',
    '‮olá‬ 👩‍👩‍👧‍👦 \u0301\u0301\u0301',
    '__proto__',
    '../../../etc/passwd',
    '${7*7}{{7*7}}',
    ':',
    ' ',
    'a'.repeat(60_000),
    Array.from({ length: 2_000 }, (_, index) => index),
    deep(200),
    prototypeKeys,
    '2026-13-45T99:99:99Z',
    'message_created',
    'incoming',
    'outgoing',
  ),
);

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(10_000),
  put: strange,
  drop: fc.boolean(),
});

/** The value with the mutations applied one after the other; the given one stays as it is. */
export function mutated(value: unknown, mutations: readonly Mutation[]): unknown {
  const copy: unknown = structuredClone(value);
  for (const one of mutations) {
    const places = placesOf(copy);
    const place = places[one.place % Math.max(1, places.length)];
    if (place === undefined) continue;
    if (!one.drop) place.holder[place.key] = structuredClone(one.put);
    else if (Array.isArray(place.holder)) place.holder.splice(Number(place.key), 1);
    else Reflect.deleteProperty(place.holder, place.key);
  }
  return copy;
}

interface Place {
  holder: Record<string, unknown>;
  key: string;
}

function placesOf(value: unknown, depth = 0): Place[] {
  if (typeof value !== 'object' || value === null || depth > 8) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder)
    .slice(0, 60)
    .flatMap((key) => [{ holder, key }, ...placesOf(holder[key], depth + 1)]);
}

/** A text cut, doubled, or with something in its middle. */
export const spoiling: fc.Arbitrary<(text: string) => string> = fc.oneof(
  fc.nat(5_000).map((at) => (text: string) => text.slice(0, at % (text.length + 1))),
  fc.tuple(fc.nat(5_000), fc.string({ unit: 'binary', maxLength: 40 })).map(([at, extra]) => (text: string) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + extra + text.slice(place);
  }),
  fc.constant((text: string) => text + text),
  fc.constant((text: string) => text.replaceAll('"', "'")),
  fc.constant((text: string) => text.replaceAll(':', '\t:')),
);
