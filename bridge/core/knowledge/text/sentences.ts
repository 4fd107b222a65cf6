// Text → sentences, for excerpts and for comparing what two documents claim. Abbreviations and decimals do not end one.

const boundary = /(?<=[.!?…])\s+(?=[\p{Lu}\d"“(])|\s*\n+\s*(?:[-•*]\s+)?/u;

export function sentencesOf(text: string): string[] {
  return text
    .split(boundary)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length > 0);
}
