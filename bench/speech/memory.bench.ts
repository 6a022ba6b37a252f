import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from '@playwright/test';
import {
  backendOf,
  memoryMiB,
  peakMemoryMiB,
  runWhisperCli,
  startRecogniser,
  startVoice,
  threads,
  wavFile,
} from './engines.js';
import { atMost, atMostTarget, figure, median, quantile, report, rounded } from './figures.js';
import { speechOf } from './clips.js';
import { benchSize, grownRecogniser, grownVoice, recogniserName, root, voiceName } from './models.js';
import { replyOf } from './replies.js';

// What the engines hold: the most memory that each process had at once, its libraries included.

test('P19 memory with the engines resident', async () => {
  const model = grownRecogniser(benchSize);
  const samples = speechOf(8);
  const wav = wavFile('memory', samples);
  const reply = replyOf(20);
  const ours: number[] = [];
  const peer: number[] = [];
  const details: string[] = [];
  let backend = '';
  for (let run = 0; run < atMost(3); run += 1) {
    const recogniser = await startRecogniser(model);
    const voice = await startVoice(grownVoice());
    await recogniser.transcribe(samples, { trimmed: true });
    // The second look at a doubtful piece: whisper-cli's own settings.
    await recogniser.transcribe(samples, { thorough: true });
    await voice.say(reply);
    const mine = [recogniser.pid, voice.pid].map(peakMemoryMiB);
    const proportional = [recogniser.pid, voice.pid].map((pid) => memoryMiB(pid, 'smaps_rollup', 'Pss'));
    recogniser.close();
    voice.close();

    const cli = (await runWhisperCli(model, [wav])).peakMiB;
    const alone = await bareVoice(reply);
    ours.push(sum(mine));
    peer.push(cli + alone);
    details.push(
      `Ours: recogniser and speech detector ${mib(mine[0])}, voice ${mib(mine[1])} (proportional set when idle: ${mib(proportional[0])} and ${mib(proportional[1])}). whisper-cli ${mib(cli)}, the voice alone ${mib(alone)}.`,
    );
    backend = backendOf(recogniser.device);
  }
  const ratios = ours.map((mebibytes, run) => mebibytes / (peer[run] ?? NaN));
  const ratio = median(ratios);
  await report({
    id: 'P19',
    metric: 'memory of the engines at their peak',
    ours: figure('MiB', ours),
    peer: { name: 'whisper-cli + sherpa-onnx in a bare Node.js', ...figure('MiB', peer) },
    ratio: { median: rounded(ratio), p95: rounded(quantile(ratios, 0.95)) },
    target: '≤ 1.25',
    ...atMostTarget(1.25, ratio, '×'),
    runs: `${String(ours.length)} interleaved starts`,
    backend,
    threads,
    model: `${recogniserName(benchSize)}; ${voiceName}`,
    detail: details.at(-1) ?? '',
  });
});

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mib = (value = NaN) => `${String(Math.round(value))} MiB`;

/** The most memory of a Node.js that does nothing but say this once. */
async function bareVoice(text: string): Promise<number> {
  const script = join(root, 'bench/speech/bare-voice.mjs');
  const child = spawn(process.execPath, [script, grownVoice(), text], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (data: Buffer) => (printed += String(data)));
  await once(child, 'close');
  return Number(printed);
}
