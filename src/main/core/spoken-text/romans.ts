import { rule, type Rule } from './rule.js';
import { sayNumber, sayOrdinal } from './say-number.js';

/** What is counted in Roman numerals: "World War II" is the second, and is called two. */
const counted = new Set(
  (
    'war chapter part act scene type phase level volume vol book section article title appendix class grade stage step ' +
    'season episode rocky rambo terminator final fantasy star wars bowl episode mark version model division unit group ' +
    'category figure table exhibit amendment round lesson schedule tier quest godfather'
  ).split(' '),
);

/** Names of rulers, who are counted by ordinals. */
const rulers = new Set(
  (
    'henry louis elizabeth george charles edward richard william james john paul pope king queen prince napoleon ' +
    'catherine philip peter nicholas ramses francis benedict pius alexander ivan frederick robert mary leo gregory ' +
    'urban clement innocent wilhelm friedrich otto felipe carlos juan albert leopold christian gustav harald haakon ' +
    'margrethe baldwin david constantine theodosius darius xerxes cyrus thutmose ptolemy seti mehmed murad ' +
    'selim rama kamehameha elizabeth anne victoria emperor tsar czar charlemagne rudolf ferdinand maximilian joseph'
  ).split(' '),
);

const values: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };
const wellFormed = /^M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$/;

function valueOf(numeral: string): number {
  return numeral.split('').reduce((sum, letter, index) => {
    const value = values[letter] ?? 0;
    return value < (values[numeral[index + 1] ?? ''] ?? 0) ? sum - value : sum + value;
  }, 0);
}

/** Roman numerals behind what is counted in them. */
export const romans: readonly Rule[] = [
  rule(/([IVXLCDM]{1,12})(?![\p{Letter}\p{Number}'’])/u, ([, numeral = ''], before, after) => {
    if (!wellFormed.test(numeral)) return undefined;
    const word = /(\p{Letter}+)\.?\s$/u.exec(before)?.[1] ?? '';
    const name = word.toLowerCase();
    const value = String(valueOf(numeral));
    const isName = /^\p{Uppercase}\p{Lowercase}+$/u.test(word);
    if (counted.has(name) && (isName || numeral.length > 1 || numeral !== 'I')) return sayNumber(value);
    if (isName && rulers.has(name)) {
      // "Henry I think" is not the first of his name.
      const isNumeral =
        numeral !== 'I' || /^(?:\s*[.,;:!?)]|\s*$|\s+(?:of|was|is|and|who|died|ruled|became|reigned)\b)/.test(after);
      return isNumeral ? `the ${sayOrdinal(value)}` : undefined;
    }
    // "Sam II": a numeral of two or more letters that is no short form.
    return isName && /^[IVX]{2,}$/.test(numeral) ? sayNumber(value) : undefined;
  }),
];
