import type { Curve, Figure, Row } from './figures.js';
import { notes, order } from './notes.js';
import type { Measured } from './reporter.js';

/** The speech section of docs/benchmarks.md, from what was measured. */
export function speechSection(results: Readonly<Record<string, Measured>>): string {
  const parts = Object.entries(results).toSorted(([one], [other]) => rank(one) - rank(other));
  return parts.map(([title, measured]) => part(title, measured)).join('\n\n');
}

/** Benchmarks are known by the first word of their titles. */
const nameOf = (title: string): string => title.split(' ')[0] ?? '';

const rank = (title: string): number => {
  const index = order.findIndex((name) => name === nameOf(title));
  return index < 0 ? order.length : index;
};

function part(title: string, { date, machine, node, rows, curves }: Measured): string {
  const note = notes[nameOf(title)];
  return [
    `### ${heading(title)}`,
    `${machine}, Node ${node}, ${date}.`,
    rows.length > 0 && rowTable(rows),
    ...details(rows),
    ...curves.map(curveTable),
    note?.what,
    rows.some(({ met }) => met === false) && note?.whyMissed && `Why the target is missed: ${note.whyMissed}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** What was measured beside the rows; once where several rows say the same. */
const details = (rows: readonly Row[]): readonly string[] => [
  ...new Set(rows.flatMap(({ detail }) => (detail === undefined ? [] : [detail]))),
];

const heading = (title: string): string =>
  title
    .replace(/^recognition-cost |^reply-cost /, 'Cost ')
    .replace(/^((?:P\d+ )+)/, (ids) => `${ids.trim().replaceAll(' ', ', ')}: `);

function rowTable(rows: readonly Row[]): string {
  const lines = rows.map(({ id, metric, ours, peer, ratio, target, met, missedBy, runs, backend, threads, model }) => [
    id,
    metric,
    figure(ours),
    peer ? `${peer.name}: ${figure(peer)}` : '',
    ratio ? `${String(ratio.median)}${ratio.p95 === undefined ? '' : ` (p95 ${String(ratio.p95)})`}` : '',
    target === null ? '' : `${target}: ${met ? 'met' : `**missed**: ${missedBy ?? ''}`}`,
    runs,
    `${backend}, ${String(threads)}`,
    model,
  ]);
  return table(['', 'what', 'ours', 'against', 'ratio', 'target', 'runs', 'backend, threads', 'model'], lines);
}

function curveTable({ id, title, xLabel, yLabel, series, runs, backend, threads, model }: Curve): string {
  const xs = [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))].sort((one, other) => one - other);
  const lines = xs.map((x) => [
    String(x),
    ...series.map(({ points }) => String(points.find(([at]) => at === x)?.[1] ?? '')),
  ]);
  return [
    `${yLabel}; ${runs}; ${backend}, threads: ${String(threads)}; ${model}:`,
    table([xLabel, ...series.map(({ name }) => name)], lines),
    `![${title}](plots/${id}.svg)`,
  ].join('\n\n');
}

function table(heads: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(heads), row(heads.map(() => '---')), ...lines.map(row)].join('\n');
}

function figure({ median, p95, unit }: Figure): string {
  return `${String(median)} ${unit}${p95 === undefined ? '' : ` (p95 ${String(p95)})`}`;
}
