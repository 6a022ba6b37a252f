import { lexer, type Token, type Tokens } from 'marked';

/**
 * A reply as it is shown: its words without the marks of Markdown, which a model writes for pages of another kind. What
 * has meaning without them stays: lines, bullets, numbers of a list, the cells of a table.
 */
export function plainText(markdown: string): string {
  return (
    blocks(lexer(markdown))
      // A fence that begins in the middle of a line is none to Markdown.
      .replaceAll(/```[a-z]*\n?/g, '')
      .replaceAll(/[ \t]+\n/g, '\n')
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim()
  );
}

function blocks(tokens: readonly Token[]): string {
  return tokens.map(block).join('');
}

function block(token: Token): string {
  switch (token.type) {
    case 'space':
      return '\n\n';
    case 'hr':
      return '\n';
    case 'code':
      return `${(token as Tokens.Code).text}\n`;
    case 'list':
      return list(token as Tokens.List);
    case 'table':
      return table(token as Tokens.Table);
    case 'blockquote':
      return `${blocks((token as Tokens.Blockquote).tokens)}\n`;
    case 'html':
      return withoutTags((token as Tokens.HTML).text);
    case 'heading':
    case 'paragraph':
      return `${inline((token as Tokens.Paragraph).tokens)}\n`;
    case 'text': {
      const { tokens, text } = token as Tokens.Text;
      return `${tokens ? inline(tokens) : decoded(text)}\n`;
    }
    default:
      // What Markdown takes for a definition is the model's own words.
      return token.raw;
  }
}

function list({ ordered, start, items }: Tokens.List): string {
  return items
    .map((item, index) => {
      const bullet = ordered ? `${String((start === '' ? 1 : start) + index)}.` : '•';
      return `${bullet} ${blocks(item.tokens)
        .trim()
        .replace(/^\[[ xX]\]\s+/, '')
        .replaceAll('\n', '\n   ')}\n`;
    })
    .join('');
}

function table({ header, rows }: Tokens.Table): string {
  return [header, ...rows].map((row) => `${row.map(({ tokens }) => inline(tokens)).join(' | ')}\n`).join('');
}

function inline(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      switch (token.type) {
        case 'br':
          return '\n';
        case 'image':
          return (token as Tokens.Image).text;
        case 'html':
          return withoutTags((token as Tokens.Tag).text);
        case 'codespan':
          return decoded((token as Tokens.Codespan).text);
        case 'checkbox':
          return '';
        case 'escape':
          return (token as Tokens.Escape).text;
        default: {
          const { tokens: inner, text } = token as Tokens.Text;
          return inner ? inline(inner) : decoded(text);
        }
      }
    })
    .join('');
}

const withoutTags = (html: string): string =>
  html.replaceAll(/<br\s*\/?>/gi, '\n').replaceAll(/<!--[\s\S]*?-->|<\/?[a-z][^<>]*>/gi, '');

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  ndash: '–',
  mdash: '—',
  hellip: '…',
};

/** The characters that entities stand for: `It&#39;s` → It's. */
function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,6})|#[xX]([0-9a-fA-F]{1,5})|([a-z]{2,6}));/g, (entity, decimal, hex, name) => {
    if (typeof name === 'string') return named[name] ?? entity;
    const point = typeof decimal === 'string' ? Number(decimal) : parseInt(String(hex), 16);
    return point > 31 && point <= 0x10ffff ? String.fromCodePoint(point) : entity;
  });
}
