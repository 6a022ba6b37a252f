import { test } from '@playwright/test';
import { realRecogniser } from '../../e2e/support/recogniser.js';
import { notSpeech, soundOf } from '../../e2e/support/sounds.js';
import { AppError } from '../../src/shared/errors.js';
import { backendOf, runWhisperCli, threads, wavFile } from './engines.js';
import { atMostTarget, report, single, turns } from './figures.js';
import { demoRecogniser } from './models.js';

// Ten minutes in which nobody speaks, in takes of 20 s.

const takeSeconds = 20;
const takesPerSound = turns < 20 ? 1 : 5;

test('P12 text from silence and noise', async () => {
  const { recogniser } = realRecogniser();
  await recogniser.warmUp();
  const never = new AbortController().signal;
  const takes = Object.entries(notSpeech).flatMap(([name, wave]) =>
    Array.from({ length: takesPerSound }, (_, index) => ({ name, samples: soundOf(wave, takeSeconds, index + 1) })),
  );
  const ours: string[] = [];
  for (const { samples } of takes) {
    const listening = recogniser.listen({ language: 'auto' });
    listening.push(samples);
    try {
      ours.push((await listening.finish(never)).text);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'recogniser/nothing-heard') throw error;
    }
  }
  const { device } = recogniser.view;
  recogniser.dispose();

  const peer: { readonly name: string; readonly text: string }[] = [];
  for (const [index, { name, samples }] of takes.entries()) {
    const { texts } = await runWhisperCli(demoRecogniser, [wavFile(`no-speech-${String(index)}`, samples)]);
    const text = texts[0] ?? '';
    if (text !== '') peer.push({ name, text });
  }
  const minutes = (takes.length * takeSeconds) / 60;
  await report({
    id: 'P12',
    metric: `takes with text in ${String(minutes)} min of ${Object.keys(notSpeech).join(', ')}`,
    ours: single('texts', ours.length),
    peer: { name: 'whisper-cli', ...single('texts', peer.length) },
    target: '0',
    ...atMostTarget(0, ours.length, 'texts'),
    runs: `${String(takes.length)} takes of ${String(takeSeconds)} s, the same for both`,
    backend: device ? backendOf(device) : '',
    threads,
    model: 'demo recogniser',
    detail:
      peer.length === 0
        ? 'whisper-cli made nothing of it either.'
        : `whisper-cli at stock settings wrote something for: ${[...new Set(peer.map(({ name }) => name))].join(', ')} (such as “${peer[0]?.text.slice(0, 60) ?? ''}”).`,
  });
});
