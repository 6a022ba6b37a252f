import { expect, type Page } from '@playwright/test';
import { createApp, type App } from '../../e2e/support/app.js';
import { clipSamples } from '../../e2e/support/recogniser.js';
import { type Scheduled } from '../../e2e/support/sound.js';
import { startPacedChatServer, type PacedChatServer } from './chat-server.js';
import { installPageClock, type HeardStretch, type PageClock } from './page-clock.js';
import { grownAppRoot, type benchSize } from './models.js';

/** The learner lets go of the button so long after the last sound of what they said. */
export const releaseMs = 200;
/** The first clip, counted from the moment at which the microphone is opened. */
const firstSlotMs = 1500;
/** The button is pressed so long before a clip. */
const pressMs = 600;
/** Speech is what is louder than this. */
const speechFloor = 0.01;
const onsetFloor = 0.02;

/** The app in Chromium with grown models, a paced chat server, clocks, and a microphone with a clip in each slot. */
export interface BenchApp {
  readonly app: App;
  readonly page: Page;
  readonly chat: PacedChatServer;
  clock(): Promise<PageClock>;
  /** Presses the button before the clip of the next slot and lets go of it after its end. */
  talk(): Promise<SpokenTurn>;
  /** The decodings that ended between two times, as the app logs them. */
  decodings(from: number, to: number): readonly Decoding[];
  /** Waits for the first sound after a time; its time. */
  firstSound(after: number): Promise<number>;
  /** Silences the reply, and waits until what the app does afterwards in the background is done. */
  hush(): Promise<void>;
  close(): Promise<void>;
}

export interface Decoding {
  readonly endTime: number;
  readonly elapsedMs: number;
}

export interface SpokenTurn {
  /** What the slot held, up to its last loud sample. */
  readonly samples: Int16Array;
  /** When its last loud sample reached the page; `Date.now()`. */
  readonly endOfSpeech: number;
  readonly releaseTime: number;
}

export interface Slots {
  readonly clips: readonly string[];
  readonly slotMs: number;
  readonly count: number;
}

export async function openBenchApp(size: typeof benchSize, slots: Slots | null = null): Promise<BenchApp> {
  const chat = await startPacedChatServer();
  const app = await createApp(grownAppRoot(size));
  const clipAt = (slot: number) => slots?.clips[slot % slots.clips.length] ?? '';
  const schedule: Scheduled[] = Array.from({ length: slots?.count ?? 0 }, (_, slot) => ({
    clip: clipAt(slot),
    atMs: firstSlotMs + slot * (slots?.slotMs ?? 0),
  }));
  const lengthMs = firstSlotMs + (slots ? slots.count * slots.slotMs : 10_000);
  const page = await app.open({ microphone: schedule, microphoneMs: lengthMs, listener: installPageClock });
  const clock = () => page.evaluate(() => globalThis.benchClock);
  await page.getByRole('button', { name: /空白话题/ }).click();
  await app.useEndpoint(undefined, chat.baseUrl);
  await expect(page.getByTestId('status-chip-voice')).toContainText('演示', { timeout: 60_000 });
  await page.getByTestId('talk-button').hover();

  /** When the onset of slot 0's clip would have reached the page; null until a clip was heard. */
  let base: number | null = null;
  let nextSlot = 0;

  async function heardOnset(after: number): Promise<number> {
    let found: HeardStretch | undefined;
    await expect
      .poll(
        async () => {
          found = (await clock()).microphone.find(({ startTime }) => startTime >= after);
          return found !== undefined;
        },
        { timeout: 20_000, intervals: [20] },
      )
      .toBe(true);
    return found?.startTime ?? NaN;
  }

  return {
    app,
    page,
    chat,
    clock,

    async talk() {
      if (!slots) throw new Error('the microphone holds nothing');
      // The next slot whose clip has not begun.
      while (base !== null && base + nextSlot * slots.slotMs - pressMs < Date.now() + 50) nextSlot += 1;
      if (nextSlot >= slots.count) throw new Error('the microphone has come to its end');
      const { onset, end } = edgesOf(clipAt(nextSlot));
      if (base !== null) await sleepUntil(base + nextSlot * slots.slotMs - pressMs);
      const pressTime = Date.now();
      await page.mouse.down();
      const onsetTime = await heardOnset(base === null ? 0 : pressTime + pressMs / 3);
      base ??= onsetTime - nextSlot * slots.slotMs;
      const endOfSpeech = onsetTime + (end - onset) / 16;
      await sleepUntil(endOfSpeech + releaseMs);
      await page.mouse.up();
      const samples = clipSamples(clipAt(nextSlot)).slice(0, end);
      nextSlot += 1;
      const releaseTime = (await clock()).released.at(-1) ?? NaN;
      return { samples, endOfSpeech, releaseTime };
    },

    decodings: (from, to) =>
      app
        .log()
        .split('\n')
        .filter((line) => line.includes('"recognised"'))
        .map((line) => JSON.parse(line) as { readonly time: number | string; readonly elapsedMs: number })
        .map(({ time, elapsedMs }) => ({ endTime: new Date(time).getTime(), elapsedMs }))
        .filter(({ endTime }) => endTime >= from && endTime <= to),

    async firstSound(after) {
      let found: HeardStretch | undefined;
      await expect
        .poll(
          async () => {
            found = (await clock()).output.find(({ startTime }) => startTime >= after);
            return found !== undefined;
          },
          // Seldom: the answer is a time that has passed, and whoever asks takes the machine away from the app.
          { timeout: 60_000, intervals: [500] },
        )
        .toBe(true);
      return found?.startTime ?? NaN;
    },

    async hush() {
      await page.keyboard.press('Escape');
      // The times of the words that were said are found in the background.
      await page.waitForTimeout(2500);
    },

    async close() {
      await app.close();
      await app.remove();
      await chat.close();
    },
  };
}

export async function sleepUntil(time: number): Promise<void> {
  const left = time - Date.now();
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}

/** The first sample by which the page's clock finds a clip, and the one after its last loud one. */
function edgesOf(clip: string): { readonly onset: number; readonly end: number } {
  const samples = clipSamples(clip);
  const louder = (floor: number) => (sample: number) => Math.abs(sample) > floor * 32_768;
  return { onset: samples.findIndex(louder(onsetFloor)), end: samples.findLastIndex(louder(speechFloor)) + 1 };
}
