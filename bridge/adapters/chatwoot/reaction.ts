// A thumb or a heart alone, as phones send them: nobody takes a conversation over with it.

export function isReaction(content: string | null | undefined, files: number): boolean {
  const text = (content ?? '').trim();
  return text !== '' && files === 0 && /^(\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f|\s)+$/u.test(text);
}
