/** Words after which the first piece is cut even without a pause, so that the voice can start early. */
const firstPieceWords = 8;

/** A full stop after one of these ends no sentence. */
const abbreviations = new Set([
  'mr',
  'mrs',
  'ms',
  'dr',
  'prof',
  'st',
  'vs',
  'etc',
  'e.g',
  'i.e',
  'a.m',
  'p.m',
  'no',
  'u.s',
  'u.k',
]);

/**
 * Cuts a reply into pieces to be spoken, while it is being written: the first clause, as soon as there is one, then
 * whole sentences. Joined, the pieces are the text.
 */
export interface SentenceSplitter {
  /** Takes more text; answers the pieces that are complete now. */
  push(delta: string): readonly string[];
  /** The end of the text; answers what is left. */
  flush(): readonly string[];
}

export function createSentenceSplitter(): SentenceSplitter {
  let rest = '';
  let isFirst = true;

  const takePiece = (): string | null => {
    const end = sentenceEnd(rest) ?? (isFirst ? clauseEnd(rest) : null);
    if (end === null) return null;
    const piece = rest.slice(0, end);
    rest = rest.slice(end);
    if (piece.trim() !== '') isFirst = false;
    return piece;
  };

  return {
    push(delta) {
      rest += delta;
      const pieces: string[] = [];
      for (let piece = takePiece(); piece !== null; piece = takePiece()) pieces.push(piece);
      return pieces;
    },
    flush() {
      const last = rest;
      rest = '';
      return last === '' ? [] : [last];
    },
  };
}

/**
 * The index after the first sentence and the space that follows it. A sentence at the very end of what has come is
 * not complete yet: "3." may become "3.5", and "Dr." goes on.
 */
function sentenceEnd(text: string): number | null {
  for (const match of text.matchAll(/[.!?…]+["'”’)\]]*\s+|[。！？]["'”’）」]*\s*|\n+/gu)) {
    const end = match.index + match[0].length;
    if (match[0].startsWith('.') && endsInAbbreviation(text.slice(0, match.index))) continue;
    return end;
  }
  return null;
}

function endsInAbbreviation(text: string): boolean {
  const word = /([A-Za-z.]+)$/.exec(text)?.[1]?.toLowerCase();
  return word !== undefined && (abbreviations.has(word) || /^[a-hj-z]$/.test(word));
}

/** The index after the first clause: up to a comma after three words, or to the eighth word. */
function clauseEnd(text: string): number | null {
  const comma = /^(?:\s*\S+\s+){2,}?\S*[,;:—，；：]["'”’)]*\s+/u.exec(text);
  const words = [...text.matchAll(/\S+\s+/gu)];
  const eighth = words[firstPieceWords - 1];
  const wordEnd = eighth ? eighth.index + eighth[0].length : null;
  if (comma && (wordEnd === null || comma[0].length <= wordEnd)) return comma[0].length;
  return wordEnd;
}
