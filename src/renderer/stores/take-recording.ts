import { longestTakeMs, recordingSampleRateHz, samplesToMs } from '../../shared/audio-format.js';
import type { TakeView } from '../../shared/contract/take.js';
import type { ErrorView, Result } from '../../shared/errors.js';
import type { Client } from '../client.js';

/** The contract takes at most one second at a time. */
const longestAppendSamples = recordingSampleRateHz;

/** The samples of several chunks, up to a limit, as one; the chunks used are removed, the last one perhaps in part. */
export function takeSamples(chunks: Int16Array[], limit: number): Int16Array<ArrayBuffer> {
  const parts: Int16Array[] = [];
  let length = 0;
  for (let chunk = chunks[0]; chunk !== undefined && length < limit; chunk = chunks[0]) {
    const part = chunk.subarray(0, limit - length);
    parts.push(part);
    length += part.length;
    if (part.length === chunk.length) chunks.shift();
    else chunks[0] = chunk.subarray(part.length);
  }
  const joined = new Int16Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export interface TakeRecordingListener {
  /** The sound could not be kept (a full disk, say): nothing more will be. */
  failed(error: ErrorView): void;
  /** The longest take is full. */
  full(): void;
}

/** One take on its way to the core: sound may come before the core has answered `take.start`, and goes out in order. */
export function createTakeRecording(
  client: Client,
  topicId: string,
  handsFree: boolean,
  listener: TakeRecordingListener,
) {
  const waiting: Int16Array[] = [];
  let sequence = 0;
  let recordedSamples = 0;
  let takeId: string | null = null;
  let failure: ErrorView | null = null;
  let discarded = false;
  let sending: Promise<void> = start();

  function fail(error: ErrorView): void {
    if (failure !== null) return;
    failure = error;
    waiting.length = 0;
    if (!discarded) listener.failed(error);
  }

  async function start(): Promise<void> {
    const result = await client.request('take.start', { topicId, handsFree });
    if (result.ok) takeId = result.value.id;
    else fail(result.error);
  }

  async function send(): Promise<void> {
    while (takeId !== null && failure === null && !discarded && waiting.length > 0) {
      const pcm = new Uint8Array(takeSamples(waiting, longestAppendSamples).buffer);
      const result = await client.request('take.append', { takeId, sequence, pcm });
      sequence += 1;
      if (!result.ok) fail(result.error);
    }
  }

  return {
    push(chunk: Int16Array): void {
      if (failure !== null || discarded) return;
      const room = (longestTakeMs * recordingSampleRateHz) / 1000 - recordedSamples;
      const kept = chunk.subarray(0, room);
      recordedSamples += kept.length;
      if (kept.length > 0) waiting.push(kept);
      sending = sending.then(send);
      if (kept.length === room) listener.full();
    },
    /** Null until the core has begun the take. */
    takeId: (): string | null => takeId,
    durationMs: (): number => samplesToMs(recordedSamples, recordingSampleRateHz),
    /**
     * Sends what is left and ends the take; `overSpeech` and `appSilentFromMs` as in `take.finish`. What reached the core before a failure is
     * kept there.
     */
    async finish(overSpeech = false, appSilentFromMs: number | null = null): Promise<Result<TakeView>> {
      await sending;
      if (takeId === null) return { ok: false, error: failure ?? { code: 'app/internal' } };
      const result = await client.request('take.finish', { takeId, overSpeech, appSilentFromMs });
      return failure === null ? result : { ok: false, error: failure };
    },
    /** Sends what is left and keeps the recording, unrecognised, until the learner asks for it. */
    async keep(): Promise<Result<TakeView>> {
      await sending;
      if (takeId === null) return { ok: false, error: failure ?? { code: 'app/internal' } };
      return client.request('take.keep', { takeId });
    },
    async discard(): Promise<void> {
      discarded = true;
      waiting.length = 0;
      await sending;
      if (takeId !== null) await client.request('take.discard', { takeId });
    },
  };
}

export type TakeRecording = ReturnType<typeof createTakeRecording>;
