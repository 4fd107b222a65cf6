// From Markdown, which models write and knowledge may hold, to what the channel shows. Addresses and code are left alone:
// an underline in a link is no mark. A single star pair is left where stars mean something (on WhatsApp people write bold
// so) and goes where they would be seen.
import type { ChannelProfile, MarkUp } from './channel-profile.ts';

export function writtenFor(profile: Pick<ChannelProfile, 'markUp' | 'hasLinkLabels'>, text: string): string {
  const linked = profile.hasLinkLabels ? text : withAddressesWritten(text);
  const marked = outsideCodeAndAddresses(linked, (piece) =>
    marks[profile.markUp](withSimpleLines(piece, profile.markUp)),
  );
  return marked.replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n');
}

const marks: Record<MarkUp, (text: string) => string> = {
  markdown: (text) => text,
  whatsapp: (text) => text.replace(doubleStars, '*$1*').replace(doubleLines, '*$1*').replace(tildes, '~$1~'),
  plain: (text) =>
    text.replace(doubleStars, '$1').replace(doubleLines, '$1').replace(tildes, '$1').replace(singleStars, '$1'),
};

const doubleStars = /\*\*(?=\S)([^\n*]*\S)\*\*/g;
const doubleLines = /(?<![\p{L}\p{N}_/])__(?=\S)([^\n_]*\S)__(?![\p{L}\p{N}_])/gu;
const tildes = /(?<![\p{L}\p{N}~])~~(?=\S)([^\n~]*\S)~~(?![\p{L}\p{N}~])/gu;
const singleStars = /(?<![\p{L}\p{N}*])\*(?=[^\s*])([^\n*]*[^\s*]|[^\s*])\*(?![\p{L}\p{N}*])/gu;

/** Headings become bold lines, or plain ones; every list has the same dash; what only draws a line goes. */
function withSimpleLines(text: string, markUp: MarkUp): string {
  return text
    .replace(/^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$/gm, '')
    .replace(/^#{1,6}[ \t]+(.+?)[ \t]*#*$/gm, (_, title: string) => {
      const words = title.replace(/\*\*|__/g, '');
      return markUp === 'plain' ? words : `**${words}**`;
    })
    .replace(/^([ \t]*)[*+•][ \t]+(?=\S)/gm, '$1- ');
}

/** The label of a link is lost on most channels, and a label that is the address need not be said twice. */
function withAddressesWritten(text: string): string {
  return text.replace(/\[([^\]\n]+)\]\((https?:\/\/[^)\s]+|mailto:[^)\s]+)\)/g, (_, label: string, address: string) => {
    const written = address.replace(/^mailto:/, '');
    return label.trim() === written || label.trim() === written.replace(/^https?:\/\//, '')
      ? written
      : `${label}: ${written}`;
  });
}

const untouched = /```[\s\S]*?```|`[^`\n]+`|https?:\/\/[^\s<>*]+/g;

function outsideCodeAndAddresses(text: string, change: (piece: string) => string): string {
  // Private-use characters stand for what must stay, so that marks around an address are still a pair.
  const kept: string[] = [];
  const masked = text.replace(/[\uE000\uE001]/g, '').replace(untouched, (piece) => {
    kept.push(piece);
    return `\uE000${kept.length - 1}\uE001`;
  });
  return change(masked).replace(/\uE000(\d+)\uE001/g, (_, index: string) => kept[Number(index)] ?? '');
}
