import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FullResult, Reporter, TestCase, TestError, TestResult } from '@playwright/test/reporter';
import { drawLogLog } from '../plot.js';
import { machine, type Curve, type Row } from './figures.js';
import { speechSection } from './section.js';

/** What one benchmark has measured, the last time it ran. */
export interface Measured {
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  readonly rows: readonly Row[];
  readonly curves: readonly Curve[];
}

const root = resolve(import.meta.dirname, '../..');
const isJson = process.env.BOTCHAT_BENCH_JSON === '1';
const isPublished = process.env.BOTCHAT_BENCH_PUBLISH === '1';
const say = (line: string) => (isJson ? process.stderr : process.stdout).write(`${line}\n`);

const colors = ['#cf222e', '#9a6700', '#0969da'];

/**
 * Prints what benchmarks attach to their results, as a line or as a JSON object each. For publishing it also keeps them in
 * `bench/speech/results.json`, in the place of what the same benchmarks had there before, and writes the speech section
 * of `docs/benchmarks.md` and its plots anew after each: whatever ends a run later, what was measured stays.
 */
class BenchmarkReporter implements Reporter {
  onTestBegin({ title }: TestCase): void {
    say(`${new Date().toTimeString().slice(0, 8)} ${title}`);
  }

  onError({ message }: TestError): void {
    say(message ?? 'failed');
  }

  onStdErr(text: string | Buffer): void {
    process.stderr.write(text);
  }

  onStdOut(text: string | Buffer): void {
    process.stderr.write(text);
  }

  onTestEnd({ title }: TestCase, { status, errors, attachments, duration }: TestResult): void {
    const attached = <T>(name: string) =>
      attachments.flatMap((each) => (each.name === name && each.body ? [JSON.parse(String(each.body)) as T] : []));
    const rows = attached<Row>('row');
    for (const row of rows) {
      say(line(row));
      if (isJson) process.stdout.write(`${JSON.stringify({ ...row, machine })}\n`);
    }
    const curves = attached<Curve>('curve');
    for (const curve of curves) {
      for (const { name, points } of curve.series) {
        say(`  ${curve.title}, ${name}: ${points.map(([x, y]) => `${String(x)} → ${String(y)}`).join(', ')}`);
      }
      if (isJson) process.stdout.write(`${JSON.stringify({ ...curve, machine })}\n`);
    }
    say(`  ${status}, ${String(Math.round(duration / 1000))} s`);
    for (const { message } of errors) say(`  ${message ?? 'failed'}`);
    // A benchmark that broke off has measured nothing.
    if (status !== 'passed' || !isPublished) return;
    const date = new Date().toISOString().slice(0, 10);
    publish(title, { date, machine, node: process.version, rows, curves });
  }

  onEnd({ status }: FullResult): void {
    say(status === 'passed' ? 'all measured' : `not all measured: ${status}`);
  }
}

// Playwright wants it so.
export { BenchmarkReporter as default };

function publish(title: string, measured: Measured): void {
  const path = join(root, 'bench/speech/results.json');
  let results: Record<string, Measured> = {};
  try {
    results = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Measured>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  results[title] = measured;
  writeFileSync(path, `${JSON.stringify(results, null, 1)}\n`);
  mkdirSync(join(root, 'docs/plots'), { recursive: true });
  for (const { id, title: name, subtitle, xLabel, yLabel, series } of measured.curves) {
    const plot = drawLogLog({
      title: name,
      subtitle,
      xLabel,
      yLabel,
      series: series.map((each, index) => ({ ...each, color: colors[index % colors.length] ?? '#24292f' })),
    });
    writeFileSync(join(root, `docs/plots/${id}.svg`), plot);
  }
  const docs = join(root, 'docs/benchmarks.md');
  writeFileSync(docs, withSection(readFileSync(docs, 'utf8'), speechSection(results)));
}

const begin = '<!-- speech: written by npm run bench -->';
const end = '<!-- end of speech -->';

/** Puts the section between its two marks. Throws where they are not there. */
export function withSection(document: string, section: string): string {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md lacks ${begin} … ${end}`);
  return `${document.slice(0, from + begin.length)}\n\n${section}\n\n${document.slice(to)}`;
}

function line({ id, metric, ours, peer, ratio, target, met, missedBy, backend, runs, detail }: Row): string {
  const figure = ({ median, p95, unit }: Row['ours']) =>
    `${String(median)} ${unit}${p95 === undefined ? '' : ` (p95 ${String(p95)})`}`;
  return [
    `  ${id} ${metric}: ${figure(ours)}`,
    peer && `${peer.name} ${figure(peer)}`,
    ratio && `ratio ${String(ratio.median)}${ratio.p95 === undefined ? '' : ` (p95 ${String(ratio.p95)})`}`,
    target !== null && `target ${target}: ${met ? 'met' : `MISSED: ${missedBy ?? ''}`}`,
    `[${backend}; ${runs}]`,
    detail,
  ]
    .filter(Boolean)
    .join(' · ');
}
