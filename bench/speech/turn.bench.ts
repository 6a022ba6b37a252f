import { test } from '@playwright/test';
import { voiceThreads } from '../../src/main/core/speech/voice.js';
import { speakable } from '../../src/main/core/spoken-text/speakable.js';
import { openBenchApp, releaseMs } from './bench-app.js';
import { tokenMs } from './chat-server.js';
import { backendOf, startRecogniser, startVoice, threads } from './engines.js';
import {
  atMost,
  atMostTarget,
  figure,
  mean,
  median,
  quantile,
  report,
  reportCurve,
  rounded,
  turns,
} from './figures.js';
import { benchSize, grownRecogniser, grownVoice, recogniserName, voiceName } from './models.js';
import { naiveTurn } from './naive-app.js';
import { firstClauseOf, replyOf } from './replies.js';

// Whole turns: the app as it is built, in Chromium, with the fake microphone and a partner who writes at a steady pace.

const replyTokens = 80;
const clips = ['en-14.wav', 'en-31.wav', 'en-12.wav', 'en-36.wav'];
const model = `${recogniserName(benchSize)}; ${voiceName}; scripted partner`;

test('P1 P2 P3 end of speech to first audio', async () => {
  const recogniser = await startRecogniser(grownRecogniser(benchSize));
  const voice = await startVoice(grownVoice());
  const bench = await openBenchApp(benchSize, { clips, slotMs: 5000, count: 6 * (turns + 2) });
  const ours: number[] = [];
  const naive: number[] = [];
  const overhead: number[] = [];
  const floorRatios: number[] = [];
  const parts = { recognition: [] as number[], clause: [] as number[], tokens: [] as number[] };
  const decodings = { count: [] as number[], ms: [] as number[] };
  /** From the button to the text, from there to the request, and from the first clause's last token to the sound. */
  const way = { text: [] as number[], request: [] as number[], sound: [] as number[] };
  const naiveParts = { recognition: [] as number[], synthesis: [] as number[] };
  // The first turn is the cold one, which P13 measures.
  for (let turn = 0; turn <= turns; turn += 1) {
    const reply = replyOf(replyTokens, turn);
    bench.chat.reply(reply);
    const spoken = await bench.talk();
    const firstAudio = await bench.firstSound(spoken.releaseTime);
    await bench.hush();
    if (turn === 0) continue;
    const late = bench.decodings(spoken.releaseTime, firstAudio);
    decodings.count.push(late.length);
    decodings.ms.push(late.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0));
    const textTime = late.at(-1)?.endTime ?? spoken.releaseTime;
    way.text.push(textTime - spoken.releaseTime);
    way.request.push(bench.chat.requestTime - textTime);
    way.sound.push(firstAudio - bench.chat.requestTime - tokenMs(firstClauseOf(reply).lastToken));

    const slow = await naiveTurn(spoken.samples, { recogniser, voice, chatUrl: bench.chat.baseUrl });
    const clause = firstClauseOf(reply);
    const recognition = (await recogniser.transcribe(spoken.samples, { trimmed: true })).ms;
    const clauseMs = (await voice.say(speakable(clause.text).text)).ms;
    const stages = recognition + tokenMs(clause.lastToken) + clauseMs;
    const longest = Math.max(releaseMs, recognition) + tokenMs(clause.lastToken) + clauseMs;

    ours.push(firstAudio - spoken.endOfSpeech);
    naive.push(slow.totalMs);
    overhead.push(firstAudio - spoken.releaseTime - stages);
    floorRatios.push((firstAudio - spoken.endOfSpeech) / longest);
    parts.recognition.push(recognition);
    parts.clause.push(clauseMs);
    parts.tokens.push(tokenMs(clause.lastToken));
    naiveParts.recognition.push(slow.recognitionMs);
    naiveParts.synthesis.push(slow.synthesisMs);
  }
  await bench.close();
  recogniser.close();
  voice.close();

  const common = { backend: `${backendOf(recogniser.device)}; voice ${backendOf(voice.device)}`, threads, model };
  const ratio = median(naive) / median(ours);
  const ratio95 = quantile(naive, 0.95) / quantile(ours, 0.95);
  const at = (samples: readonly number[]) => `${String(rounded(median(samples)))} ms`;
  await report({
    id: 'P1',
    metric: `end of speech to first audio, ${String(replyTokens)}-token reply`,
    ours: figure('ms', ours),
    peer: { name: 'naive app', ...figure('ms', naive) },
    ratio: { median: rounded(ratio), p95: rounded(ratio95) },
    target: '≥ 10× median, ≥ 6× p95',
    met: ratio >= 10 && ratio95 >= 6,
    missedBy:
      ratio >= 10 && ratio95 >= 6 ? null : `${String(rounded(ratio))}× of 10×, p95 ${String(rounded(ratio95))}× of 6×`,
    runs: `${String(turns)} interleaved turns; the ratio of the medians, and of the p95s`,
    ...common,
    detail: `Ours: the button is let go ${String(releaseMs)} ms after the last sound; alone, recognition takes ${at(parts.recognition)}, the first clause ${at(parts.tokens)} to be written and ${at(parts.clause)} to be said. Naive app: 800 ms of silence, recognition ${at(naiveParts.recognition)}, the whole reply ${String(Math.round(tokenMs(replyTokens - 1)))} ms, its synthesis ${at(naiveParts.synthesis)}.`,
  });
  const overhead95 = quantile(overhead, 0.95);
  await report({
    id: 'P2',
    metric: 'button let go to first audio, less what its stages take alone',
    ours: figure('ms', overhead),
    target: '≤ 25 ms median, ≤ 60 ms p95',
    met: median(overhead) <= 25 && overhead95 <= 60,
    missedBy:
      median(overhead) <= 25 && overhead95 <= 60
        ? null
        : `${at(overhead)} of 25 ms, p95 ${String(rounded(overhead95))} ms of 60 ms`,
    runs: `${String(turns)} turns, those of P1`,
    ...common,
    detail: `Between the button and the first audio the app ended ${String(rounded(mean(decodings.count)))} decodings a turn (mean), which took ${at(decodings.ms)}; one decoding alone took ${at(parts.recognition)}. From the button to the text ${at(way.text)}, from there to the request ${at(way.request)}; from the first clause's last token to its sound ${at(way.sound)}, of which its synthesis alone takes ${at(parts.clause)}.`,
  });
  const longest = median(floorRatios);
  await report({
    id: 'P3',
    metric: 'end of speech to first audio, against the longest path through its stages',
    ours: figure('ms', ours),
    ratio: { median: rounded(longest), p95: rounded(quantile(floorRatios, 0.95)) },
    target: '≤ 1.15',
    ...atMostTarget(1.15, longest, '×'),
    runs: `${String(turns)} turns, those of P1`,
    ...common,
  });
});

test('P13 first turn after the start against the next', async () => {
  const first: number[] = [];
  const second: number[] = [];
  for (let start = 0; start < atMost(6); start += 1) {
    const bench = await openBenchApp(benchSize, { clips: ['en-14.wav'], slotMs: 7000, count: 8 });
    for (const samples of [first, second]) {
      bench.chat.reply(replyOf(40, start));
      const { releaseTime } = await bench.talk();
      samples.push((await bench.firstSound(releaseTime)) - releaseTime);
      await bench.hush();
    }
    await bench.close();
  }
  const ratios = first.map((ms, index) => ms / (second[index] ?? NaN));
  const ratio = median(ratios);
  await report({
    id: 'P13',
    metric: 'button let go to first audio, first turn after the start',
    ours: figure('ms', first),
    peer: { name: 'second turn', ...figure('ms', second) },
    ratio: { median: rounded(ratio), p95: rounded(quantile(ratios, 0.95)) },
    target: '≤ 1.2',
    ...atMostTarget(1.2, ratio, '×'),
    runs: `${String(first.length)} starts, two turns each; the ratio is the median of the starts' own`,
    backend: 'cpu',
    threads,
    model,
  });
});

test('reply-cost against the length of a reply', async () => {
  const voice = await startVoice(grownVoice());
  const bench = await openBenchApp(benchSize);
  const runs = atMost(2);
  const whole: [number, number][] = [];
  const ours: [number, number][] = [];
  bench.chat.reply(replyOf(10));
  await bench.app.type('Hello.');
  await bench.firstSound(0);
  await bench.hush();
  for (const tokens of [10, 20, 40, 80, 160]) {
    const times: [number[], number[]] = [[], []];
    for (let run = 0; run < runs; run += 1) {
      const reply = replyOf(tokens, run);
      bench.chat.reply(reply);
      const before = Date.now();
      await bench.app.type('Hello.');
      const sentTime = (await bench.clock()).sent.at(-1) ?? NaN;
      times[0].push((await bench.firstSound(Math.max(before, sentTime))) - sentTime);
      await bench.hush();
      times[1].push(tokenMs(tokens - 1) + (await voice.say(speakable(reply).text)).ms);
    }
    ours.push([tokens, rounded(median(times[0]))]);
    whole.push([tokens, rounded(median(times[1]))]);
  }
  await bench.close();
  voice.close();
  await reportCurve({
    id: 'reply-cost',
    title: 'First audio against the length of the reply',
    subtitle: `from a typed line to its first sound; ${voiceName}, ${String(voiceThreads)} threads; 200 ms, then 40 tokens a second`,
    xLabel: 'tokens of the reply',
    yLabel: 'ms',
    series: [
      { name: 'whole reply, then voice', points: whole },
      { name: 'ours', points: ours },
    ],
    runs: `${String(runs)} interleaved, medians`,
    backend: backendOf(voice.device),
    threads: voiceThreads,
    model,
  });
});
