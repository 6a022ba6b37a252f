import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { clipSamples, inSequence } from '../../e2e/support/recogniser.js';
import { trimmedContext } from '../../src/main/core/speech/recogniser.js';
import { speechOf, spokenClips, turnClips, type Clip } from './clips.js';
import { backendOf, onOneLine, runWhisperCli, startRecogniser, threads, wavFile, type CliRun } from './engines.js';
import {
  atLeast,
  atMost,
  atMostTarget,
  figure,
  median,
  quantile,
  report,
  reportCurve,
  rounded,
  turns,
} from './figures.js';
import { benchSize, demoRecogniser, grownRecogniser, recogniserName, root } from './models.js';

// The recogniser against whisper-cli from the same sources, on the same model, with as many threads.

test('P4 recognition of 2 to 8 s', async () => {
  const model = grownRecogniser(benchSize);
  const recogniser = await startRecogniser(model);
  const backend = backendOf(recogniser.device);
  const accuracy = await compareTexts();

  interface Sample {
    readonly clip: Clip;
    readonly ours: number;
    readonly peer: number;
    readonly equal: boolean;
  }
  const samples: Sample[] = [];
  for (let turn = 0; turn < 2 * turns; turn += 1) {
    const clip = turnClips[turn % turnClips.length];
    if (!clip) continue;
    const wav = wavFile(`turn-${clip.name}`, clip.samples);
    const [ours, peer] = await interleaved(
      turn,
      () => recogniser.transcribe(clip.samples, { trimmed: true }),
      () => runWhisperCli(model, [wav]),
    );
    samples.push({ clip, ours: ours.ms, peer: peer.totalMs, equal: ours.text === peer.texts[0] });
  }
  recogniser.close();

  const groups = [
    { metric: 'recognition of clips of 2 to 8 s', target: 4, of: samples },
    { metric: 'recognition of clips of at most 3 s', target: 5, of: samples.filter(({ clip }) => clip.seconds <= 3) },
  ];
  for (const { metric, target, of } of groups) {
    const ours = of.map((sample) => sample.ours);
    const peer = of.map((sample) => sample.peer);
    const ratios = of.map((sample) => sample.peer / sample.ours);
    const ratio = median(ratios);
    await report({
      id: 'P4',
      metric,
      ours: figure('ms', ours),
      peer: { name: 'whisper-cli', ...figure('ms', peer) },
      ratio: { median: rounded(ratio), p95: rounded(quantile(ratios, 0.05)) },
      target: `≥ ${String(target)}×`,
      ...atLeast(target, ratio),
      runs: `${String(of.length)} interleaved turns over ${String(new Set(of.map(({ clip }) => clip.name)).size)} clips; the ratio is the median of the turns' own, and what 95 % of them reach`,
      backend,
      threads,
      model: recogniserName(benchSize),
      detail:
        `Same text in both arms in ${String(of.filter(({ equal }) => equal).length)} of ${String(of.length)} turns. ` +
        accuracy,
    });
  }
});

/** How many of the tests' recordings each arm hears as they are, with the demo model at its own size. */
async function compareTexts(): Promise<string> {
  const recogniser = await startRecogniser(demoRecogniser);
  let ours = 0;
  let peer = 0;
  for (const language of ['en', 'zh'] as const) {
    const clips = spokenClips.filter((clip) => clip.language === language);
    const wavs = clips.map(({ file }) => wavFile(file, clipSamples(file)));
    const { texts } = await runWhisperCli(demoRecogniser, wavs, ['-l', language]);
    for (const [index, { file, text }] of clips.entries()) {
      const heard = await recogniser.transcribe(clipSamples(file), { language, trimmed: true });
      if (heard.text === text) ours += 1;
      if (texts[index] === text) peer += 1;
    }
  }
  recogniser.close();
  const all = String(spokenClips.length);
  return `Recordings of the tests heard word for word with the demo model: ours ${String(ours)} of ${all}, whisper-cli ${String(peer)} of ${all}.`;
}

// Where the engine itself takes the least, what is around it weighs the most.
const stockSize = 'tiny';

test('P5 recognition at stock settings', async () => {
  const model = grownRecogniser(stockSize);
  const samples = inSequence(clipSamples('en-31.wav'), clipSamples('en-14.wav'));
  const wav = wavFile('stock', samples);
  const ours: Awaited<ReturnType<typeof runAddon>>[] = [];
  const peer: CliRun[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const [mine, theirs] = await interleaved(
      turn,
      () => runAddon(model, wav),
      () => runWhisperCli(model, [wav, wav]),
    );
    ours.push(mine);
    peer.push(theirs);
  }
  const ratios = ours.map(({ totalMs }, turn) => totalMs / (peer[turn]?.totalMs ?? NaN));
  const best = Math.min(...ours.map(({ totalMs }) => totalMs)) / Math.min(...peer.map(({ totalMs }) => totalMs));
  const equal = ours.filter(({ text }, turn) => text === onOneLine(peer[turn]?.texts.join(' ') ?? '')).length;
  const parts = (runs: readonly { readonly encodeMs: number; readonly decodeMs: number }[]) =>
    `${String(rounded(median(runs.map(({ encodeMs }) => encodeMs))))} + ${String(rounded(median(runs.map(({ decodeMs }) => decodeMs))))} ms`;
  const ratio = median(ratios);
  await report({
    id: 'P5',
    metric: 'recognition at stock settings (5 beams, 30 s window), twice per process',
    ours: figure(
      'ms',
      ours.map(({ totalMs }) => totalMs),
    ),
    peer: {
      name: 'whisper-cli',
      ...figure(
        'ms',
        peer.map(({ totalMs }) => totalMs),
      ),
    },
    ratio: { median: rounded(ratio), p95: rounded(quantile(ratios, 0.95)) },
    target: '≤ 1.02',
    ...atMostTarget(1.02, ratio, '×'),
    runs: `${String(turns)} interleaved turns, a process each`,
    backend: ours[0]?.backend ?? '',
    threads,
    model: recogniserName(stockSize),
    detail: `Encoder + decoder (medians): ours ${parts(ours)}, whisper-cli ${parts(peer)}. Fastest of ours against fastest of whisper-cli: ${best.toFixed(3)}. Same text in ${String(equal)} of ${String(turns)} turns.`,
  });
});

/** The addon in a process of its own, as whisper-cli is: it loads once and transcribes twice. */
function runAddon(model: string, wav: string) {
  const printed = execFileSync(
    process.execPath,
    [join(root, 'bench/whisper-stock/one-run.mjs'), model, wav, JSON.stringify({ threads })],
    { encoding: 'utf8' },
  );
  const both = JSON.parse(printed) as readonly {
    readonly text: string;
    readonly encodeMs: number;
    readonly decodeMs: number;
    readonly totalMs: number;
    readonly backend: { readonly kind: 'cpu'; readonly device: string };
  }[];
  const sum = (what: 'encodeMs' | 'decodeMs' | 'totalMs') => both.reduce((total, run) => total + run[what], 0);
  const backend = both[0]?.backend;
  return Promise.resolve({
    text: onOneLine(both.map(({ text }) => text).join(' ')),
    encodeMs: sum('encodeMs'),
    decodeMs: sum('decodeMs'),
    totalMs: sum('totalMs'),
    backend: backend ? `${backend.kind} ${backend.device}` : '',
  });
}

test('recognition-cost against the length of a clip', async () => {
  const model = grownRecogniser(benchSize);
  const recogniser = await startRecogniser(model);
  const runs = atMost(3);
  const lengths = [1, 2, 3, 5, 8, 12, 20, 30];
  const names = ['whisper-cli', 'ours, whole window', 'ours, trimmed'] as const;
  const curves = names.map((name) => ({ name, points: [] as (readonly [number, number])[] }));
  for (const seconds of lengths) {
    const samples = speechOf(seconds);
    const wav = wavFile(`speech-${String(seconds)}`, samples);
    const times: number[][] = [[], [], []];
    for (let run = 0; run < runs; run += 1) {
      times[0]?.push((await runWhisperCli(model, [wav], ['-nf'])).totalMs);
      times[1]?.push((await recogniser.transcribe(samples, {})).ms);
      times[2]?.push((await recogniser.transcribe(samples, { trimmed: true })).ms);
    }
    for (const [index, curve] of curves.entries()) curve.points.push([seconds, rounded(median(times[index] ?? []))]);
  }
  recogniser.close();
  await reportCurve({
    id: 'recognition-cost',
    title: 'Recognition against the length of a clip',
    subtitle: `${recogniserName(benchSize)}, ${String(threads)} threads; the encoder's ${String(trimmedContext(16_000))} to 1500 positions`,
    xLabel: 'seconds of sound',
    yLabel: 'ms',
    series: curves,
    runs: `${String(runs)} interleaved, medians`,
    backend: backendOf(recogniser.device),
    threads,
    model: recogniserName(benchSize),
  });
});

/** Runs both, the one that begins changing each turn. */
async function interleaved<A, B>(turn: number, ours: () => Promise<A>, peer: () => Promise<B>): Promise<[A, B]> {
  if (turn % 2 === 0) return [await ours(), await peer()];
  const second = await peer();
  return [await ours(), second];
}
