// Light tolerance for slips of the finger: a long word nobody ever wrote becomes the known word one edit away. Product
// codes and numbers are never touched, because one digit is another product.

const shortestForAnotherLetter = 8;

/**
 * The likeliest known word one edit away, or null. `known` gives how often each word occurs; words shorter than
 * `shortest` are left alone, because among short words one edit is usually another word.
 */
export function correctTypo(word: string, known: ReadonlyMap<string, number>, shortest: number): string | null {
  let best: string | null = null;
  let bestCount = 0;
  for (const [other, count] of candidates(word, known, shortest)) {
    if (count <= bestCount || Math.abs(other.length - word.length) > 1 || !isSlip(word, other)) continue;
    best = other;
    bestCount = count;
  }
  return best;
}

/** Among shorter words another letter makes another word (aborto, aberto); a letter more, less or swapped does not. */
function isSlip(word: string, other: string): boolean {
  if (!isOneEditAway(word, other)) return false;
  return word.length >= shortestForAnotherLetter || word.length !== other.length || sorted(word) === sorted(other);
}

function sorted(word: string): string {
  return Array.from(word).sort().join('');
}

/** The shortest known word this one is the beginning of ("dermato", "fisio"), or null. */
export function completeWord(word: string, known: ReadonlyMap<string, number>, shortest: number): string | null {
  let best: string | null = null;
  for (const [other] of candidates(word, known, shortest)) {
    if (other.startsWith(word) && (best === null || other.length < best.length)) best = other;
  }
  return best;
}

/** A slip in the first letter is rare, and the check for it spares most of the work. */
function* candidates(word: string, known: ReadonlyMap<string, number>, shortest: number): Generator<[string, number]> {
  if (word.length < shortest) return;
  const first = word.charCodeAt(0);
  for (const entry of known) {
    if (entry[0].charCodeAt(0) === first && entry[0].length >= shortest) yield entry;
  }
}

/** One insertion, deletion, replacement or swap of neighbours. */
export function isOneEditAway(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const restA = a.slice(start, endA);
  const restB = b.slice(start, endB);
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}
