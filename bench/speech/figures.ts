import { cpus, totalmem } from 'node:os';
import { test } from '@playwright/test';

/** What was measured, as it lies between its samples. */
export interface Figure {
  readonly unit: 'ms' | 'MiB' | 'texts' | 'gaps' | 's/s';
  readonly median: number;
  /** Left out where there is one sample. */
  readonly p95?: number;
}

/** One row of the report. */
export interface Row {
  readonly id: string;
  readonly metric: string;
  readonly ours: Figure;
  /** What it is compared with, measured in the same run. */
  readonly peer?: Figure & { readonly name: string };
  /** Of the medians; and of what 95 % of the turns stay below. */
  readonly ratio?: { readonly median: number; readonly p95?: number };
  /** Null where there is nothing to reach: the row explains another one. */
  readonly target: string | null;
  readonly met: boolean | null;
  /** How much is missing of the target; null where nothing is. */
  readonly missedBy?: string | null;
  /** How many, and how. */
  readonly runs: string;
  /** What really computed, by its own report. */
  readonly backend: string;
  readonly threads: number;
  readonly model: string;
  /** More that was measured in this run. */
  readonly detail?: string;
}

/** How something grows. */
export interface Curve {
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[];
  readonly runs: string;
  readonly backend: string;
  readonly threads: number;
  readonly model: string;
}

export const machine = `${cpus()[0]?.model.trim() ?? 'unknown'} × ${String(cpus().length)}, ${String(Math.round(totalmem() / 2 ** 30))} GiB`;

/** How often each thing is measured: 20 times unless told otherwise, which is not for publishing. */
export const turns = Number(process.env.BOTCHAT_BENCH_TURNS ?? 20);

/** Where these are fewer, `turns` counts for all. */
export const atMost = (count: number): number => Math.min(count, turns);

/** Tells the reporter of a row. */
export async function report(row: Row): Promise<void> {
  await test.info().attach('row', { body: JSON.stringify(row), contentType: 'application/json' });
}

/** Tells the reporter of a curve. */
export async function reportCurve(curve: Curve): Promise<void> {
  await test.info().attach('curve', { body: JSON.stringify(curve), contentType: 'application/json' });
}

/** The least sample that this share of all do not exceed. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

export const figure = (unit: Figure['unit'], samples: readonly number[]): Figure => ({
  unit,
  median: rounded(median(samples)),
  p95: rounded(quantile(samples, 0.95)),
});

export const single = (unit: Figure['unit'], value: number): Figure => ({ unit, median: rounded(value) });

/** To three digits; a figure of a busy machine has no more. */
export const rounded = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(3)) : value);

export const mean = (samples: readonly number[]): number =>
  samples.reduce((sum, each) => sum + each, 0) / samples.length;

/** "at least so much", and what is missing of it. */
export function atLeast(target: number, value: number): Pick<Row, 'met' | 'missedBy'> {
  const met = value >= target;
  return { met, missedBy: met ? null : `${rounded(value).toString()}× of ${String(target)}×` };
}

/** "at most so much", and by how much it is exceeded. */
export function atMostTarget(target: number, value: number, unit: string): Pick<Row, 'met' | 'missedBy'> {
  const met = value <= target;
  return {
    met,
    missedBy: met ? null : `${rounded(value - target).toString()} ${unit} more than ${String(target)} ${unit}`,
  };
}
