import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startRecogniser, startVoice } from '../bench/speech/engines.js';
import { grownRecogniser, grownVoice } from '../bench/speech/models.js';
import { withSection } from '../bench/speech/reporter.js';
import { voiceThreads } from '../src/main/core/speech/voice.js';
import { clipSamples } from './support/recogniser.js';

const root = resolve(import.meta.dirname, '..');

it('the speech benchmarks answer with rows that say what was measured, on what', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'bench/speech/run.mjs'), 'P11', '--turns', '2', '--json', '--no-docs', '--no-build'],
    { cwd: root },
  );
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rows).toHaveLength(1);
  const figure = { unit: 'ms', median: expect.any(Number), p95: expect.any(Number) };
  expect(rows[0]).toMatchObject({
    id: 'P11',
    metric: expect.any(String),
    ours: figure,
    peer: { name: 'the whole reply at once', ...figure },
    ratio: { median: expect.any(Number) },
    target: '≥ 8×',
    met: expect.any(Boolean),
    runs: expect.stringContaining('2 interleaved turns'),
    backend: expect.stringMatching(/^cpu ./),
    threads: voiceThreads,
    model: expect.stringContaining('demo voice'),
    machine: expect.stringContaining(' × '),
  });
});

it('a grown recogniser hears what the demo hears, and is as large as the real one', async () => {
  const demo = await startRecogniser(join(root, 'resources/demo/micro-whisper.bin'));
  const grown = await startRecogniser(grownRecogniser('tiny'));
  for (const [file, language] of [
    ['en-31.wav', 'en'],
    ['zh-47.wav', 'zh'],
  ] as const) {
    const samples = clipSamples(file);
    const one = await demo.transcribe(samples, { language, trimmed: true });
    const other = await grown.transcribe(samples, { language, trimmed: true });
    expect(other.text).toBe(one.text);
    expect(other.text).not.toBe('');
  }
  // The file of Whisper tiny, but for the demo's shorter vocabulary.
  expect(Math.round(statSync(grownRecogniser('tiny')).size / 1e6)).toBe(77);
  demo.close();
  grown.close();
});

it('a grown voice says what the demo says, and takes longer', async () => {
  const demo = await startVoice(join(root, 'resources/demo/micro-voice'));
  const grown = await startVoice(grownVoice());
  const text = 'Nice to meet you. See you tomorrow.';
  const quickest = { demo: Infinity, grown: Infinity };
  for (let time = 0; time < 3; time += 1) {
    const [one, other] = [await demo.say(text), await grown.say(text)];
    expect(other.samples).toEqual(one.samples);
    quickest.demo = Math.min(quickest.demo, one.ms);
    quickest.grown = Math.min(quickest.grown, other.ms);
  }
  expect(quickest.grown).toBeGreaterThan(2 * quickest.demo);
  demo.close();
  grown.close();
});

it('the speech section is written between its marks, and nothing else is touched', () => {
  const marks = ['<!-- speech: written by npm run bench -->', '<!-- end of speech -->'];
  const document = `before\n${marks.join('\n\nold\n\n')}\nafter`;
  expect(withSection(document, 'new')).toBe(`before\n${marks.join('\n\nnew\n\n')}\nafter`);
  expect(() => withSection('no marks', 'new')).toThrow();
});
