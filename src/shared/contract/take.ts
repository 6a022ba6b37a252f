import { z } from 'zod';
import { recordingSampleRateHz } from '../audio-format.js';
import type { ErrorView } from '../errors.js';
import { request } from './define.js';
import { topicId } from './topic.js';

/** A recording that is not (yet) a turn. It is on disk from its first second on. */
export interface TakeView {
  readonly id: string;
  readonly topicId: string;
  /** Unix time, ms. */
  readonly createdTime: number;
  readonly durationMs: number;
  readonly state: 'recording' | 'recognising' | 'failed';
  /** Set when `state` is 'failed'. */
  readonly error: ErrorView | null;
}

const takeId = z.uuid();

export const takeRequests = {
  /** `handsFree`: the core listens for the end of what is said, and tells it as `take.listening` and `take.endpoint`. */
  'take.start': request<TakeView>()(z.strictObject({ topicId, handsFree: z.boolean().default(false) })),
  /** The next stretch of sound: Int16 little-endian, 16 kHz mono, at most one second. `sequence` counts from 0. */
  'take.append': request<null>()(
    z.strictObject({
      takeId,
      sequence: z.int().min(0),
      pcm: z
        .instanceof(Uint8Array)
        .refine((bytes) => bytes.byteLength <= recordingSampleRateHz * 2 && bytes.byteLength % 2 === 0),
    }),
  ),
  /**
   * Ends the recording and starts recognition. Fails with `take/too-short` or `take/silent` for a take in which
   * there is nothing to recognise: that take is dropped. Else the take goes on as `take.changed` and, once it is
   * understood, becomes a turn. `overSpeech`: the app itself was speaking when the learner began, so that what was
   * heard may be its own voice; such a take fails with `take/echo` once that is known, and can be transcribed all the
   * same. `appSilentFromMs`: from when on in the recording the app was silent; null where that is not known.
   */
  'take.finish': request<TakeView>()(
    z.strictObject({
      takeId,
      overSpeech: z.boolean().default(false),
      appSilentFromMs: z.number().min(0).nullable().default(null),
    }),
  ),
  /**
   * Ends the recording and keeps it as it is: nothing is recognised or sent until the learner asks. Fails with
   * `take/too-short` for one in which there is nothing; that is dropped.
   */
  'take.keep': request<TakeView>()(z.strictObject({ takeId })),
  /** 还没说完: the pause that is running ends nothing, and this learner is given longer ones from now on. */
  'take.holdOn': request<null>()(z.strictObject({ takeId })),
  /** Throws the take away, whatever its state. */
  'take.discard': request<null>()(z.strictObject({ takeId })),
  'take.transcribe': request<TakeView>()(z.strictObject({ takeId })),
  /** The recording as a WAV file. */
  'take.read': request<{ readonly wav: Uint8Array }>()(z.strictObject({ takeId })),
};

export interface TakeEvents {
  'take.changed': { readonly take: TakeView };
  /** What has been understood so far of a take that is still being said. It may still change. */
  'take.partial': { readonly takeId: string; readonly topicId: string; readonly text: string };
  /**
   * In a hands-free take: nobody has spoken yet, somebody speaks, or a pause has begun that ends the take when it has
   * lasted `remainingMs` more, out of `allowanceMs` in all; null where it ends nothing (see `take.holdOn`).
   */
  'take.listening': {
    readonly takeId: string;
    readonly topicId: string;
    readonly state: 'waiting' | 'speaking' | 'pausing';
    readonly pause: { readonly remainingMs: number; readonly allowanceMs: number } | null;
  };
  /** The learner has finished a hands-free take: the interface ends it with `take.finish`. */
  'take.endpoint': { readonly takeId: string; readonly topicId: string };
  /** The take became a turn, or was discarded. */
  'take.removed': { readonly takeId: string; readonly topicId: string };
}
