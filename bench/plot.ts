/** How something grows: logarithmic both ways, so that "so many times as long" is a slope. */
export interface Plot {
  readonly title: string;
  readonly subtitle: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

export interface Series {
  readonly name: string;
  readonly color: string;
  readonly isDashed?: boolean;
  readonly points: readonly (readonly [number, number])[];
}

const width = 800;
const height = 500;
const area = { left: 84, right: 560, top: 76, bottom: 430 };
const text = 'font-family="system-ui, sans-serif" fill="#24292f"';

export function drawLogLog({ title, subtitle, xLabel, yLabel, series }: Plot): string {
  const all = series.flatMap(({ points }) => points);
  const xs = range(all.map(([x]) => x));
  const ys = range(all.map(([, y]) => y));
  const place = (value: number, { low, high }: Range) => Math.log(value / low) / Math.log(high / low);
  const atX = (value: number) => Number((area.left + place(value, xs) * (area.right - area.left)).toFixed(1));
  const atY = (value: number) => Number((area.bottom - place(value, ys) * (area.bottom - area.top)).toFixed(1));
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="${escape(title)}">`,
    `<rect width="${String(width)}" height="${String(height)}" fill="#ffffff"/>`,
    `<text x="${String(area.left)}" y="30" font-size="17" font-weight="600" ${text}>${escape(title)}</text>`,
    `<text x="${String(area.left)}" y="52" font-size="12" ${text}>${escape(subtitle)}</text>`,
    ...ticks(xs).flatMap(({ value, isMain }) => [
      `<line x1="${String(atX(value))}" x2="${String(atX(value))}" y1="${String(area.top)}" y2="${String(area.bottom)}" stroke="${isMain ? '#d0d7de' : '#eef1f4'}"/>`,
      `<text x="${String(atX(value))}" y="${String(area.bottom + 20)}" font-size="12" text-anchor="middle" ${text}>${value.toLocaleString('en')}</text>`,
    ]),
    ...ticks(ys).flatMap(({ value, isMain }) => [
      `<line x1="${String(area.left)}" x2="${String(area.right)}" y1="${String(atY(value))}" y2="${String(atY(value))}" stroke="${isMain ? '#d0d7de' : '#eef1f4'}"/>`,
      `<text x="${String(area.left - 8)}" y="${String(atY(value) + 4)}" font-size="12" text-anchor="end" ${text}>${String(value)}</text>`,
    ]),
    `<text x="${String((area.left + area.right) / 2)}" y="${String(area.bottom + 46)}" font-size="13" text-anchor="middle" ${text}>${escape(xLabel)}</text>`,
    `<text transform="translate(26 ${String((area.top + area.bottom) / 2)}) rotate(-90)" font-size="13" text-anchor="middle" ${text}>${escape(yLabel)}</text>`,
    ...series.flatMap(({ name, color, isDashed, points }, index) => {
      const dash = isDashed ? ' stroke-dasharray="6 4"' : '';
      const y = area.top + 12 + index * 24;
      return [
        `<polyline points="${points.map(([x, value]) => `${String(atX(x))},${String(atY(value))}`).join(' ')}" fill="none" stroke="${color}" stroke-width="2"${dash}/>`,
        ...points.map(
          ([x, value]) => `<circle cx="${String(atX(x))}" cy="${String(atY(value))}" r="3.5" fill="${color}"/>`,
        ),
        `<line x1="${String(area.right + 20)}" x2="${String(area.right + 48)}" y1="${String(y)}" y2="${String(y)}" stroke="${color}" stroke-width="2"${dash}/>`,
        `<text x="${String(area.right + 56)}" y="${String(y + 4)}" font-size="12" ${text}>${escape(name)}</text>`,
      ];
    }),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** The ticks around the values: 1 and 3 of each power of ten. */
function range(values: readonly number[]): Range {
  const steps = ticks({ low: 1e-6, high: 1e9 }).map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return {
    low: steps.findLast((step) => step <= least) ?? least,
    high: steps.find((step) => step >= most) ?? most,
  };
}

function ticks({ low, high }: Range): readonly { readonly value: number; readonly isMain: boolean }[] {
  const found = [];
  for (let power = -6; power <= 9; power += 1) {
    for (const digit of [1, 3]) {
      const value = Number(`${String(digit)}e${String(power)}`);
      if (value >= low && value <= high) found.push({ value, isMain: digit === 1 });
    }
  }
  return found;
}

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
