import { sayNumber } from './number-words.js';
import { number, rule, type Rule } from './rule.js';
import { sayUnit } from './units.js';

const scales: Readonly<Record<string, string>> = { k: 'thousand', m: 'million', b: 'billion', bn: 'billion' };
const scaleWords = '(?:thousand|million|billion|trillion)';
const unitPattern = '[A-Za-zµμΩ]+(?:/[A-Za-z]+)?[²³]?|[ckm]?m[23]';

export const measures: readonly Rule[] = [
  rule(
    new RegExp(`(${number})\\s?(?:°\\s?([CF])?|(℃)|(℉))(?![a-z])`),
    ([, value = '', letter, celsius, fahrenheit]) => {
      const scale =
        celsius !== undefined || letter === 'C'
          ? ' Celsius'
          : fahrenheit !== undefined || letter === 'F'
            ? ' Fahrenheit'
            : '';
      return `${sayNumber(value)} degree${value === '1' ? '' : 's'}${scale}`;
    },
  ),
  // A person's height.
  rule(/(\d)['’′]\s?(\d{1,2})(?:["”″]|['’]{2})?(?![\w'’])/, ([, feet = '', inches = '']) =>
    Number(inches) > 11
      ? undefined
      : `${sayNumber(feet)} ${feet === '1' ? 'foot' : 'feet'} ${sayNumber(inches)} ${inches === '1' ? 'inch' : 'inches'}`,
  ),
  // "in" is a unit only where it touches its number.
  rule(
    new RegExp(`(${number})in(?![\\w'’])`),
    ([, value = '']) => `${sayNumber(value)} ${value === '1' ? 'inch' : 'inches'}`,
  ),
  rule(/(\d+(?:\.\d+)?)[x×](?=\s\p{Letter})/u, ([, value = '']) => `${sayNumber(value)} times`),
  // "12/kg", "12kg/kg".
  rule(new RegExp(`(${number})(?:\\s?([A-Za-z]+))?/([A-Za-z]+)(?![\\w/])`), ([, value = '', unit, per = '']) => {
    const each = sayUnit(per, true);
    const of = unit === undefined ? '' : sayUnit(unit, value === '1');
    if (each === null || of === null || (unit !== undefined && sayUnit(`${unit}/${per}`, false) !== null))
      return undefined;
    return `${sayNumber(value)} ${of === '' ? '' : `${of} `}per ${each}`;
  }),
  rule(new RegExp(`(${number})(\\s?)(${unitPattern})(?![\\w/])`), ([, value = '', space, unit = '']) => {
    const scale = space === '' ? scales[unit.toLowerCase()] : undefined;
    // "5m" may be five million, but "5 m" and "5 km" are lengths.
    if (unit === 'K' && /^[48]$/.test(value)) return undefined;
    if (scale !== undefined && unit !== 'm') return `${sayNumber(value)} ${scale}`;
    const said = sayUnit(unit, value === '1');
    return said === null ? undefined : `${sayNumber(value)} ${said}`;
  }),
  rule(
    new RegExp(`(${number}) (${scaleWords}) (${unitPattern})(?![\\w/])`),
    ([, value = '', scale = '', unit = '']) => {
      const said = sayUnit(unit, false);
      return said === null || unit === 'in' || unit === 'a' ? undefined : `${sayNumber(value)} ${scale} ${said}`;
    },
  ),
];
