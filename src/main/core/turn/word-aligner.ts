import type { ClipWord } from '../../../shared/contract/turn.js';
import { AppError } from '../../../shared/errors.js';
import type { EventHub } from '../events.js';
import type { Log } from '../ports.js';
import type { ClipStore } from '../speech/clip-store.js';
import { forRecogniser } from '../speech/resample.js';
import { decodeWav } from '../speech/wav.js';
import { timeStretches, type SaidStretch } from './word-times.js';

/** A clip whose words are known, and about when they are said. */
export interface AlignmentJob {
  readonly turnId: string;
  readonly hash: string;
  readonly stretches: readonly SaidStretch[];
}

/**
 * Listens to what the voice has said, to learn more exactly when each word is said. It is the least urgent work there
 * is: it waits until nobody speaks, is recognised or answered, and stops at once when somebody does. What is not done
 * when the app closes stays as it was estimated.
 */
export interface WordAligner {
  add(job: AlignmentJob): void;
  /** Stops for good; resolves once nothing runs any more. */
  stop(): Promise<void>;
}

export interface WordAlignerOptions {
  readonly clips: Pick<ClipStore, 'read'>;
  readonly events: Pick<EventHub, 'on'>;
  readonly log: Log;
  /** The words in 16 kHz sound. Rejects when the signal aborts, or when the recogniser has better to do. */
  wordTimes(samples: Int16Array, signal: AbortSignal): Promise<readonly ClipWord[]>;
  onAligned(job: AlignmentJob, words: readonly ClipWord[]): Promise<void>;
  /** How long everything must have been quiet before it begins, ms. */
  readonly quietMs?: number;
}

/** A reply may be followed at once by what the learner says to it. */
const usualQuietMs = 2000;

/** Jobs that wait; beyond it the oldest keep their estimates. */
const mostJobs = 20;

export function createWordAligner(options: WordAlignerOptions): WordAligner {
  const { clips, events, log, wordTimes, onAligned, quietMs = usualQuietMs } = options;
  const jobs: AlignmentJob[] = [];
  /** Takes that are spoken or recognised, and turns that are answered. */
  const busy = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let running: { readonly controller: AbortController; readonly done: Promise<void> } | null = null;
  let isStopped = false;

  const unsubscribe = events.on((name, payload) => {
    if (name === 'take.changed') {
      const { take } = payload as { readonly take: { readonly id: string; readonly state: string } };
      setBusy(take.id, take.state !== 'failed');
    } else if (name === 'take.removed') setBusy((payload as { readonly takeId: string }).takeId, false);
    else if (name === 'turn.changed') {
      const { id, response } = (
        payload as { readonly turn: { readonly id: string; readonly response: { readonly state: string } } }
      ).turn;
      if (response.state === 'pending' || response.state === 'streaming') setBusy(id, true);
    } else if (name === 'turn.speechEnd') setBusy((payload as { readonly turnId: string }).turnId, false);
  });

  function setBusy(id: string, isBusy: boolean): void {
    if (isBusy) busy.add(id);
    else busy.delete(id);
    if (isBusy) running?.controller.abort();
    wait();
  }

  /** Begins when it has been quiet for a while. */
  function wait(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    if (isStopped || running || jobs.length === 0 || busy.size > 0) return;
    timer = setTimeout(next, quietMs);
    timer.unref();
  }

  function next(): void {
    const job = jobs.shift();
    if (!job) return;
    const controller = new AbortController();
    const done = align(job, controller.signal)
      .catch((error: unknown) => {
        // Stopped, or displaced by something more urgent: it is worth another try. A recogniser that fails is not.
        if (!(error instanceof AppError)) jobs.unshift(job);
        else log.info('words were not aligned', { code: error.code });
      })
      .finally(() => {
        running = null;
        wait();
      });
    running = { controller, done };
  }

  async function align(job: AlignmentJob, signal: AbortSignal): Promise<void> {
    const file = await clips.read(job.hash);
    // Its turn is gone, or it was evicted.
    if (!file) return;
    const { samples, sampleRateHz } = decodeWav(file);
    const heard: (readonly ClipWord[])[] = [];
    let offsetMs = 0;
    for (const { words, durationMs } of job.stretches) {
      const from = Math.round((offsetMs * sampleRateHz) / 1000);
      offsetMs += durationMs;
      const to = Math.round((offsetMs * sampleRateHz) / 1000);
      const sound = { samples: samples.subarray(from, to), sampleRateHz };
      // The only word of a stretch is where its sound is.
      heard.push(words.length < 2 ? [] : await wordTimes(forRecogniser(sound), signal));
      signal.throwIfAborted();
    }
    await onAligned(job, timeStretches(job.stretches, heard));
  }

  return {
    add(job) {
      jobs.push(job);
      if (jobs.length > mostJobs) jobs.shift();
      wait();
    },
    async stop() {
      isStopped = true;
      unsubscribe();
      if (timer) clearTimeout(timer);
      running?.controller.abort();
      await running?.done;
    },
  };
}
