/** A text in ordinary letters, and where each of its characters stood in the text that is shown. */
export interface OrdinaryText {
  readonly text: string;
  readonly origin: readonly { readonly start: number; readonly end: number }[];
}

const entities: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', rsquo: '’', lsquo: '‘', rdquo: '”', ldquo: '“' },
  ...{ hellip: '…', ndash: '–', mdash: '—', deg: '°', euro: '€', pound: '£', yen: '¥', cent: '¢', times: '×' },
  ...{ copy: '©', reg: '®', trade: '™', frac12: '½', frac14: '¼', frac34: '¾', middot: '·', bull: '•' },
};

const chineseMarks: Readonly<Record<string, string>> = {
  ...{ '。': '.', '、': ',', '「': '"', '」': '"', '『': '"', '』': '"', '《': '"', '》': '"', '【': '[', '】': ']' },
};

function entityOf(written: string): string | null {
  const name = written.slice(1, -1);
  if (!name.startsWith('#')) return Object.hasOwn(entities, name) ? (entities[name] ?? null) : null;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code >= 32 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : null;
}

/** The plain character for one of another width, weight or alphabet of digits; itself where it is ordinary. */
function ordinary(character: string): string {
  const mark = chineseMarks[character];
  if (mark !== undefined) return mark;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return character;
  const isFullWidth = code >= 0xff01 && code <= 0xff5e;
  const isMathematical = code >= 0x1d400 && code <= 0x1d7ff;
  const isOrnate =
    (code >= 0x2460 && code <= 0x24ff) || (code >= 0x2160 && code <= 0x217f) || (code >= 0xfb00 && code <= 0xfb06);
  if (isFullWidth || isMathematical || isOrnate) return character.normalize('NFKC');
  // Arabic, Devanagari and other digits: ten in a row, each block beginning with its zero.
  if (/\p{Decimal_Number}/u.test(character)) {
    let value = 0;
    while (value < 9 && /\p{Decimal_Number}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
    return String(value);
  }
  return /[\u200b\u200c\u2060\ufeff\u00ad]/.test(character) ? '' : character === '\u00a0' ? ' ' : character;
}

/** Decodes entities and gives characters of other widths and digits of other alphabets as those that the rules know. */
export function toOrdinary(shown: string): OrdinaryText {
  let text = '';
  const origin: { start: number; end: number }[] = [];
  let position = 0;
  for (const [written] of shown.matchAll(/&#?[a-zA-Z0-9]{1,8};|[\s\S]/gu)) {
    const said = written.length > 2 && written.startsWith('&') ? (entityOf(written) ?? written) : ordinary(written);
    for (let index = 0; index < said.length; index += 1) {
      // Where nothing was changed each character is where it was.
      const isSame = said.length === written.length;
      origin.push({
        start: isSame ? position + index : position,
        end: isSame ? position + index + 1 : position + written.length,
      });
    }
    text += said;
    position += written.length;
  }
  return { text, origin };
}
