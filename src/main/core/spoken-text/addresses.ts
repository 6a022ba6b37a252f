import { rule, spelled, type Rule } from './rule.js';
import { sayDigits, sayNumber } from './say-number.js';

const names: Readonly<Record<string, string>> = { '.': 'dot', '@': 'at', '-': 'dash', _: 'underscore', '+': 'plus' };

/** "li.ming@mail.example.com" → "li dot ming at mail dot example dot com". */
function sayAddress(address: string): string {
  const parts = address.match(/\p{Letter}+|\d+|[.@_+-]/gu) ?? [];
  return parts
    .map((part, index) => {
      if (/\d/.test(part)) return part.length > 2 ? sayDigits(part) : sayNumber(part);
      const isCountry = part.length === 2 && parts[index - 1] === '.' && index >= parts.length - 1;
      return names[part] ?? (isCountry ? spelled(part) : part);
    })
    .join(' ');
}

const fileKinds =
  'txt|pdf|docx?|xlsx?|pptx?|csv|tsv|json|xml|ya?ml|html?|css|jsx?|tsx?|mjs|cjs|py|rb|go|rs|java|c|cpp|h|cs|sh|bat|exe|dmg|apk|zip|rar|gz|tar|7z|png|jpe?g|gif|svg|webp|bmp|mp[34]|wav|ogg|flac|m4a|mov|avi|mkv|srt|epub|md|log|ini|cfg|env|sql|db|iso|dll';

/** A name of a file: its words, "dot", and its kind letter by letter. */
function sayFile(name: string, kind: string): string {
  const words = (name.match(/\p{Letter}+|\d+|[._-]/gu) ?? []).map(
    (part) => names[part] ?? (/\d/.test(part) ? sayNumber(part) : part),
  );
  const letters = (kind.match(/[A-Za-z]|\d/g) ?? []).map((each) =>
    /\d/.test(each) ? sayNumber(each) : each.toUpperCase(),
  );
  return `${words.join(' ')} dot ${letters.join('-')}`;
}

/** Of a page's address the part that says whose it is: nobody listens to the rest. */
export const addresses: readonly Rule[] = [
  rule(/[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,32}){1,6}/, ([address]) => sayAddress(address)),
  rule(
    /<?(?:https?|ftp):\/\/(?:www\.)?([^\s/?#<>)]{0,80}[^\s/?#<>).,;:!?])(?:[/?#](?:[^\s<>)]{0,500}[^\s<>).,;:!?])?)?>?/i,
    ([, host = '']) => (/^[\w-]+(?:\.[\w-]+)+$/.test(host) && host.length <= 40 ? sayAddress(host) : 'a link'),
  ),
  rule(
    /(?:www\.)?((?:[a-z0-9][a-z0-9-]{0,60}\.){1,5}(?:com|org|net|edu|gov|io|ai|app|dev|info|cn|uk|hk|tw|au|ca|de|jp|eu))(?![\w-]|\.\w)(?:\/(?:[^\s<>)]{0,300}[^\s<>).,;:!?])?)?/i,
    ([, host = ''], before) => (/[\w-]$/.test(before) ? undefined : sayAddress(host)),
  ),
  rule(
    new RegExp(`([A-Za-z][\\w-]{0,60}(?:\\.[\\w-]{1,20}){0,3})\\.(${fileKinds})(?![\\w-]|\\.\\w)`, 'i'),
    ([, name = '', kind = ''], _, after) =>
      // "the end.Go on" is two sentences without a space.
      /^[A-Z][a-z]/.test(kind) ||
      (/^[a-z]{1,2}$/i.test(kind) &&
        /^\s[a-z]/.test(after) &&
        kind !== 'py' &&
        kind !== 'js' &&
        kind !== 'ts' &&
        kind !== 'md')
        ? undefined
        : sayFile(name, kind),
  ),
  rule(/@(?=[\p{Letter}\d\s])/u, () => 'at'),
  rule(/#(?=\d)/, () => 'number'),
  rule(/#(?=\p{Letter})/u, () => 'hashtag'),
];
