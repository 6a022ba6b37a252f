import { appendFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** One row of the report: what is measured, of ours and of what it is compared with. */
export interface Row {
  readonly id: string;
  readonly metric: string;
  /** With its unit. */
  readonly ours: string;
  readonly peer?: string;
  readonly ratio?: number;
  readonly target?: string;
  readonly met?: boolean;
  /** How many, and how. */
  readonly runs: string;
  /** The server and its version. */
  readonly backend: string;
}

export const machine = `${cpus()[0]?.model.trim() ?? 'unknown'} × ${String(cpus().length)}, ${String(Math.round(totalmem() / 2 ** 30))} GiB`;

export function report(row: Row): void {
  const whole = { ...row, machine, node: process.version, date: new Date().toISOString().slice(0, 10) };
  const { id, metric, ours, peer, ratio, target, met, runs, backend } = row;
  console.log(
    [
      `${id} ${metric}: ${ours}`,
      peer && `against ${peer}`,
      ratio !== undefined && `ratio ${ratio.toFixed(2)}`,
      target && `target ${target}: ${met ? 'met' : 'MISSED'}`,
      `[${backend}; ${runs}]`,
    ]
      .filter(Boolean)
      .join(' · '),
  );
  const file = process.env.BOTCHAT_BENCH_ROWS;
  if (file) appendFileSync(file, `${JSON.stringify(whole)}\n`);
}

export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

export const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 1000 ? 3 : 2)} s`;

/** The median, and what it lies between: a median of three says little by itself. */
export function spread(samples: readonly number[], format: (sample: number) => string): string {
  if (samples.length < 2) return format(samples[0] ?? NaN);
  return `${format(median(samples))} (${format(Math.min(...samples))} – ${format(Math.max(...samples))})`;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
