import { sayDigits, sayInPairs, sayNumber } from './number-words.js';
import { rule, spelled, type Rule } from './rule.js';

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

const extensions =
  'txt|pdf|docx?|xlsx?|pptx?|csv|json|xml|html?|css|js|ts|py|cpp|java|exe|dmg|apk|zip|rar|mp3|mp4|wav|jpe?g|png|gif|svg|md|log|ini|bat|sh|sql';
/** Endings that are read as words; others are named letter by letter. */
const readable = new Set(['zip', 'java', 'log', 'bat']);
const street = '(?:St(?:reet)?|Ave(?:nue)?|R(?:oa)?d|Blvd|Boulevard|Dr(?:ive)?|Lane|Ln|Court|Ct|Place|Square|Way)';

/** Of a page's address the part that says whose it is: nobody listens to the rest. */
export const addresses: readonly Rule[] = [
  rule(/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/, ([address]) => sayAddress(address)),
  rule(
    /<?https?:\/\/(?:www\.)?([^\s/?#<>)]{0,253}[^\s/?#<>).,;:!?])(?:[/?#][^\s<>)]{0,2000}[^\s<>).,;:!?]|\/)?>?/,
    ([, host = '']) => (/^[\w-]+(?:\.[\w-]+)+$/.test(host) && host.length <= 40 ? sayAddress(host) : 'a link'),
  ),
  rule(
    /(?:www\.)?((?:[a-z0-9][a-z0-9-]{0,62}\.){1,6}(?:com|org|net|edu|gov|io|ai|app|dev|info|cn|uk|hk|tw|au|ca|de|jp|eu))(?![\w-]|\.\w)(?:\/[^\s<>)]{0,2000}[^\s<>).,;:!?]|\/)?/i,
    ([, host = '']) => sayAddress(host),
  ),
  rule(
    new RegExp(`([\\w-]{1,64})\\.(${extensions})(?![\\w.-]*\\w)`),
    ([, name = '', ending = '']) =>
      `${sayAddress(name)} dot ${readable.has(ending) ? ending : spelled(ending).replace(/([a-z])(\d)/i, '$1 $2')}${/\d/.test(ending) ? ` ${sayDigits(ending)}` : ''}`,
  ),
  // A house's number is read in pairs.
  rule(new RegExp(`(\\d{1,5})(?= (?:[NSEW]\\.? )?(?:\\p{Lu}\\p{L}+ ){1,3}${street}\\b)`, 'u'), ([written]) =>
    sayInPairs(written),
  ),
  rule(/@/, () => 'at'),
  rule(/#(?=\d)/, () => 'number'),
  rule(/#(?=\p{Letter})/u, () => 'hashtag'),
];
