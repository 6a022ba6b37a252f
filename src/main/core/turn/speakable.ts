/**
 * What the voice is given for a piece of a reply: the words, without the marks that only a page can show. Empty where
 * there is nothing to say.
 */
export function speakable(text: string): string {
  const words = text
    .replaceAll(/```[\s\S]*?(?:```|$)/g, ' ')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/https?:\/\/\S+/g, ' ')
    .replaceAll(/^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+|\d{1,2}[.)]\s+)/gm, '')
    .replaceAll(/[*_~`|#<>]+/g, '')
    .replaceAll(/\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\u200d\ufe0f]/gu, ' ')
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/\s+/g, ' ')
    .trim();
  return /[\p{Letter}\p{Number}]/u.test(words) ? words : '';
}
