import { describe, expect, test } from 'vitest';

// Read from the disk, since Vitest hands out style sheets empty. Node's own types are kept out of the renderer.
declare const process: {
  getBuiltinModule(name: 'node:fs'): {
    readFileSync(path: URL, encoding: 'utf8'): string;
    readdirSync(path: URL, options: { recursive: true }): readonly string[];
  };
};
const { readFileSync, readdirSync } = process.getBuiltinModule('node:fs');
const tokens = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');

const pairs = new Map(
  [...tokens.matchAll(/--([\w-]+): light-dark\((#[\da-f]{6}), (#[\da-f]{6})\)/g)].map(
    ([, name, light, dark]) => [name, { light, dark }] as const,
  ),
);

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(theme: 'light' | 'dark', ink: string, ground: string): number {
  const [a, b] = [pairs.get(ink)?.[theme], pairs.get(ground)?.[theme]].map((colour) => luminance(colour ?? ''));
  if (a === undefined || b === undefined || Number.isNaN(a + b)) throw new Error(`no colour: ${ink} or ${ground}`);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const grounds = ['ground', 'surface', 'sunken', 'raised', 'hover'];
const texts: readonly (readonly [ink: string, ground: string])[] = [
  ...grounds.flatMap((ground) => ['ink', 'ink-2'].map((ink) => [ink, ground] as const)),
  ...grounds.slice(0, 4).flatMap((ground) => ['ink-3', 'danger'].map((ink) => [ink, ground] as const)),
  ['accent', 'ground'],
  ['accent', 'surface'],
  ['accent-ink', 'accent'],
  ['accent-ink', 'accent-hover'],
  ['accent-soft-ink', 'accent-soft'],
  ['ink', 'accent-soft'],
  ['ink', 'mine'],
  ['rec-ink', 'rec'],
  ['ink', 'rec-soft'],
  ['danger-ink', 'danger-fill'],
  ['danger', 'danger-soft'],
  ['ink', 'danger-soft'],
  ['warn-ink', 'warn-soft'],
];

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(texts)('%s can be read on %s', (ink, ground) => {
    expect(contrast(theme, ink, ground)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['ground', 'surface'])('the borders of text fields are seen on %s', (ground) => {
    expect(contrast(theme, 'line-strong', ground)).toBeGreaterThanOrEqual(3);
  });
});

/** The rules of a style sheet outside of animations: selector and body. */
function rulesOf(css: string): readonly (readonly [selector: string, body: string])[] {
  const still = css.replace(/@keyframes[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '');
  return [...still.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(([, selector = '', body = '']) => [selector.trim(), body]);
}

test('nothing but what is disabled is faded: the pairs above would not be what is seen', () => {
  const renderer = new URL('../', import.meta.url);
  const sheets = readdirSync(renderer, { recursive: true }).filter((path) => path.endsWith('.css'));
  const faded = sheets.flatMap((path) =>
    rulesOf(readFileSync(new URL(path, renderer), 'utf8'))
      .filter(([selector, body]) => /opacity:\s*0?\.\d/.test(body) && !selector.includes('disabled'))
      .map(([selector]) => `${path}: ${selector}`),
  );
  expect(sheets.length).toBeGreaterThan(15);
  expect(faded).toEqual([]);
  expect(rulesOf('a { opacity: 0.5; } @keyframes x { 50% { opacity: 0.4; } } b:hover { color: red }')).toHaveLength(2);
});
