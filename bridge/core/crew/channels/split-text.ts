// Cuts a reply that is longer than the channel takes in one message: at a paragraph, else at a sentence, a line, a word, and
// inside a word only when nothing else is left. Nothing but white space is lost, and the order stays.

/** `lengthOf` = how much of the limit a text uses up; never less for a longer text. */
export function splitText(
  text: string,
  limit: number,
  lengthOf: (text: string) => number = (piece) => piece.length,
): string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest !== '' && lengthOf(rest) > limit) {
    const cut = cutPoint(rest, longestFit(rest, limit, lengthOf));
    parts.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  return rest === '' ? parts : [...parts, rest];
}

/** How many characters from the start fit; at least one, so that it ends. */
function longestFit(text: string, limit: number, lengthOf: (text: string) => number): number {
  let [fits, beyond] = [0, text.length];
  while (beyond - fits > 1) {
    const middle = (fits + beyond) >> 1;
    if (lengthOf(text.slice(0, middle)) <= limit) fits = middle;
    else beyond = middle;
  }
  return Math.max(1, fits);
}

function cutPoint(text: string, maxCharacters: number): number {
  // One character more: what stands right behind the limit may be the space to cut at.
  const head = text.slice(0, maxCharacters + 1);
  const candidates = [head.lastIndexOf('\n\n'), lastSentenceEnd(head), head.lastIndexOf('\n'), head.lastIndexOf(' ')];
  const good = candidates.find((index) => index > maxCharacters * 0.4);
  return good ?? betweenCharacters(text, maxCharacters);
}

function lastSentenceEnd(text: string): number {
  const last = [...text.matchAll(/[.!?…](?=\s)/g)].at(-1);
  return last === undefined ? -1 : last.index + 1;
}

/** Never between the two halves of a surrogate pair. */
function betweenCharacters(text: string, index: number): number {
  return index > 1 && /[\uD800-\uDBFF]/.test(text.charAt(index - 1)) ? index - 1 : index;
}
