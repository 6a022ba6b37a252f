import { mkdir, open, readdir, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { TakeView } from '../../../shared/contract/take.js';
import type { Settings } from '../../../shared/contract/settings.js';
import {
  bytesToPcm,
  longestTakeMs,
  recordingSampleRateHz,
  samplesToMs,
  shortestTakeMs,
} from '../../../shared/audio-format.js';
import { AppError, type ErrorCode } from '../../../shared/errors.js';
import { profileError, type Db } from '../data/database.js';
import { removePatiently } from '../data/patient-files.js';
import type { TakeTable } from '../data/schema.js';
import { deleteTake, getTake, insertTake, listTakes, updateTake } from '../data/takes.js';
import { writePauses } from '../data/settings.js';
import { getTopic } from '../data/topics.js';
import type { Activity } from '../activity.js';
import type { EventHub } from '../events.js';
import type { Clock, Log } from '../ports.js';
import { loudestRms, silenceRms } from '../speech/loudness.js';
import { shortestSpeechMs, type Listening } from '../speech/listening.js';
import type { Recogniser } from '../speech/recogniser.js';
import type { Sound } from '../speech/voice.js';
import { decodeWav, wavHeader, wavHeaderBytes } from '../speech/wav.js';
import { isEcho, type Overheard } from './echo.js';
import { createEndpointing, type Endpointing, type EndpointEvent } from './endpointing.js';
import { pauseAllowanceMs, withPause, type PauseHistory } from './pause-allowance.js';
import { readTopicView } from './topic-view.js';
import type { TurnService } from './turn-service.js';

const bytesPerSecond = recordingSampleRateHz * 2;

export interface TakeServiceOptions {
  readonly db: Db;
  readonly folder: string;
  readonly recogniser: Pick<Recogniser, 'listen'>;
  readonly turns: Pick<TurnService, 'begin' | 'saidLately'>;
  spokenLanguage(): Settings['spokenLanguage'];
  /** What is known of this learner's pauses. */
  readonly pauses: PauseHistory;
  /** A take is something that no model is exchanged under, from its first sound to its text. */
  readonly activity: Activity;
  readonly events: EventHub;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Recordings on their way to become turns. A take is on disk before anything else happens to it, second by second:
 * neither a failed recognition nor a crash loses it.
 */
export interface TakeService {
  start(topicId: string, handsFree?: boolean): Promise<TakeView>;
  append(takeId: string, sequence: number, pcm: Uint8Array): Promise<void>;
  finish(takeId: string, overSpeech?: OverSpeech | null): Promise<TakeView>;
  /** Ends the recording and keeps it, unrecognised, until the learner asks for it. */
  keep(takeId: string): Promise<TakeView>;
  /** Whoever was recording is gone: what they said is given back, as after a crash. */
  giveBack(): Promise<void>;
  /** The learner has not finished yet: the present pause ends nothing. */
  holdOn(takeId: string): Promise<void>;
  discard(takeId: string): Promise<void>;
  transcribe(takeId: string): Promise<TakeView>;
  /** The recording as a WAV file. */
  read(takeId: string): Promise<Uint8Array>;
  list(topicId: string): Promise<readonly TakeView[]>;
  discardAll(topicId: string): Promise<void>;
  /** After a start: recordings that a crash interrupted are offered again. */
  recover(): Promise<void>;
  /** Ends open recordings, keeping what was said, and stops recognition. */
  dispose(): Promise<void>;
}

/** A recording that is being written. */
interface Recording {
  readonly take: TakeTable;
  readonly file: FileHandle;
  /** Recognises it while it is being said. */
  readonly listening: Listening;
  /** Finds its end; null where the learner does. */
  readonly endpointing: Endpointing | null;
  nextSequence: number;
  bytes: number;
  syncedBytes: number;
  /** Writes happen in the order in which they were asked for. */
  written: Promise<void>;
  /** It is over. */
  readonly end: () => void;
}

/** A whole recording, and what has listened to it. */
interface FinishedRecording {
  readonly sound: Sound;
  readonly listening: Listening;
}

/** The app itself was speaking when the learner began. */
export type OverSpeech = Pick<Overheard, 'appSilentFromMs'>;

/** A finished take on its way to become a turn. */
interface Recognition {
  readonly take: Pick<TakeTable, 'id' | 'topic_id'>;
  /** What has listened to it while it was said; null for one that lies on disk. */
  readonly live: FinishedRecording | null;
  /** Whether the silence before and after what was said is left out. */
  readonly trimmed: boolean;
  /** Where it may be the app's own voice. */
  readonly overSpeech: OverSpeech | null;
}

/** Enough to know how loud a learner is, few enough to follow another microphone. */
const rememberedTakes = 8;

const median = (values: readonly number[]): number | null =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? null;

/** How long the speech detector may take to say that a take holds nothing. */
const detectorLimitMs = 1000;

export function createTakeService(options: TakeServiceOptions): TakeService {
  const { db, folder, recogniser, turns, activity, events, clock, log } = options;
  let { pauses } = options;
  /** Of the learner's last takes that nothing else can be heard in: what this microphone makes of them. */
  let loudnesses: readonly number[] = [];
  const recordings = new Map<string, Recording>();
  /** Why takes failed, where that could not be stored: it is known until the app is closed. */
  const unstored = new Map<string, ErrorCode>();
  const recognitions = new Map<string, { readonly controller: AbortController; readonly done: Promise<void> }>();

  const pathOf = (takeId: string) => join(folder, `${takeId}.wav`);

  async function announce(takeId: string): Promise<TakeView> {
    const take = view(await getTake(db, takeId));
    events.emit('take.changed', { take });
    // The list tells which topics have recordings that wait.
    if (take.state === 'failed') events.emit('topic.changed', { topic: await readTopicView(db, take.topicId) });
    return take;
  }

  function view(take: TakeTable): TakeView {
    const error = unstored.get(take.id);
    return takeView(error === undefined ? take : { ...take, state: 'failed', error });
  }

  async function write(recording: Recording, pcm: Uint8Array): Promise<void> {
    try {
      await recording.file.write(pcm, 0, pcm.byteLength, wavHeaderBytes + recording.bytes);
      recording.bytes += pcm.byteLength;
      if (recording.bytes - recording.syncedBytes >= bytesPerSecond) {
        await recording.file.datasync();
        recording.syncedBytes = recording.bytes;
      }
    } catch (error) {
      throw profileError(error);
    }
  }

  /** Makes a take's file and its row, or neither. */
  async function openRecording(take: TakeTable): Promise<FileHandle> {
    await mkdir(folder, { recursive: true });
    const file = await open(pathOf(take.id), 'wx');
    try {
      await file.write(wavHeader(0, recordingSampleRateHz));
      await insertTake(db, take);
      return file;
    } catch (error) {
      await file.close();
      await removePatiently(pathOf(take.id));
      throw error;
    }
  }

  /** Completes the file and its row. */
  async function close(recording: Recording): Promise<number> {
    recordings.delete(recording.take.id);
    // A failed write has been told to whoever appended; what was written before it is still worth keeping.
    await recording.written.catch(() => undefined);
    try {
      await recording.file.write(wavHeader(recording.bytes, recordingSampleRateHz), 0, wavHeaderBytes, 0);
      await recording.file.sync();
    } finally {
      recording.end();
      await recording.file.close();
    }
    return samplesToMs(recording.bytes / 2, recordingSampleRateHz);
  }

  async function remove(take: Pick<TakeTable, 'id' | 'topic_id'>): Promise<void> {
    await deleteTake(db, take.id);
    await removePatiently(pathOf(take.id));
    events.emit('take.removed', { takeId: take.id, topicId: take.topic_id });
  }

  /** The recording stays, with the reason: also where there is no room to write that down. */
  async function fail(takeId: string, error: ErrorCode): Promise<void> {
    try {
      await updateTake(db, takeId, { state: 'failed', error });
      unstored.delete(takeId);
    } catch (cause) {
      log.warn('why a take failed is not kept', { takeId, error: cause });
      unstored.set(takeId, error);
    }
    await announce(takeId);
  }

  const readSound = async (takeId: string): Promise<Sound> => decodeWav(await readFile(pathOf(takeId)));

  /** Listens to a take that is on disk. */
  async function listenAgain(takeId: string): Promise<FinishedRecording> {
    const sound = await readSound(takeId);
    const listening = recogniser.listen({ language: options.spokenLanguage() });
    listening.push(sound.samples);
    return { sound, listening };
  }

  /** Hears the take and sends it. Never rejects: a failed take stays, with the reason. */
  async function recognise({ take, live, trimmed, overSpeech }: Recognition, signal: AbortSignal): Promise<void> {
    try {
      const { sound: whole, listening } = live ?? (await listenAgain(take.id));
      const { text, words, speech } = await listening.finish(signal);
      const loudness = loudestRms(whole.samples, whole.sampleRateHz);
      const usualLoudness = median(loudnesses);
      if (
        overSpeech &&
        isEcho({ text, words, loudness, usualLoudness, ...overSpeech }, turns.saidLately(take.topic_id))
      ) {
        // It is offered: the learner may have said just that.
        throw new AppError('take/echo');
      }
      if (!overSpeech) loudnesses = [...loudnesses, loudness].slice(-rememberedTakes);
      const { samples, sampleRateHz } = whole;
      const startMs = trimmed ? samplesToMs(speech.start, sampleRateHz) : 0;
      const sound = { samples: trimmed ? samples.slice(speech.start, speech.end) : samples, sampleRateHz };
      const timed = words.map((word) => ({ ...word, startMs: word.startMs - startMs, endMs: word.endMs - startMs }));
      await turns.begin({ topicId: take.topic_id, text, take: { id: take.id, sound, words: timed } });
      await removePatiently(pathOf(take.id));
      events.emit('take.removed', { takeId: take.id, topicId: take.topic_id });
    } catch (error) {
      // Discarded meanwhile, or the app is closing: the row says what there is to say.
      if (signal.aborted) return;
      const told = profileError(error);
      if (!(told instanceof AppError)) log.error('recognition broke', { takeId: take.id, error });
      await fail(take.id, told instanceof AppError ? told.code : 'recogniser/failed');
    }
  }

  /** Ends a recording without recognising it. Answers whether there is enough of it to keep; else it is removed. */
  async function setAside(recording: Recording, error: 'take/kept' | 'take/interrupted'): Promise<boolean> {
    const { take, listening } = recording;
    listening.cancel();
    const durationMs = await close(recording);
    if (durationMs < shortestTakeMs) {
      await remove(take);
      return false;
    }
    await updateTake(db, take.id, { state: 'failed', error, duration_ms: durationMs });
    return true;
  }

  function startRecognition(recognition: Recognition): void {
    const { take } = recognition;
    const controller = new AbortController();
    const end = activity.begin();
    const done = recognise(recognition, controller.signal)
      .catch((error: unknown) => {
        log.error('take broke', { takeId: take.id, error });
      })
      .finally(() => {
        recognitions.delete(take.id);
        end();
      });
    recognitions.set(take.id, { controller, done });
  }

  /** Whether nobody spoke: nothing was loud enough, or nothing of it was speech. */
  async function isSilent({ sound, listening }: FinishedRecording): Promise<boolean> {
    if (loudestRms(sound.samples, sound.sampleRateHz) < silenceRms) return true;
    // An engine that is not there right now is no reason to throw a take away.
    const speechMs = await Promise.race([
      listening.speechMs().catch(() => null),
      new Promise<null>((resolve) => setTimeout(resolve, detectorLimitMs, null)),
    ]);
    return speechMs !== null && speechMs < shortestSpeechMs;
  }

  /** Tells the interface where a hands-free take is, and learns from the pauses that ended nothing. */
  function followPauses({ id: takeId, topic_id: topicId }: TakeTable, heard: readonly EndpointEvent[]): void {
    for (const event of heard) {
      if (event.kind === 'endpoint') events.emit('take.endpoint', { takeId, topicId });
      else if (event.kind === 'speaking') {
        events.emit('take.listening', { takeId, topicId, state: 'speaking', pause: null });
      } else if (event.kind === 'pausing') {
        const { remainingMs, allowanceMs } = event;
        const pause = remainingMs === null ? null : { remainingMs, allowanceMs };
        events.emit('take.listening', { takeId, topicId, state: 'pausing', pause });
      } else {
        void learn(event.pauseMs).catch((error: unknown) => {
          log.error('pause not kept', { error });
        });
      }
    }
  }

  async function learn(pauseMs: number): Promise<void> {
    pauses = withPause(pauses, pauseMs);
    await writePauses(db, pauses);
  }

  async function discard(takeId: string): Promise<void> {
    const take = await getTake(db, takeId);
    const recording = recordings.get(takeId);
    if (recording) {
      recording.listening.cancel();
      await close(recording);
    }
    const recognition = recognitions.get(takeId);
    recognition?.controller.abort();
    await recognition?.done;
    // It may have become a turn while it was being stopped.
    const isStillThere = (await listTakes(db, take.topic_id)).some(({ id }) => id === takeId);
    if (isStillThere) await remove(take);
  }

  async function finishRecording(recording: Recording, overSpeech: OverSpeech | null): Promise<TakeView> {
    const { take, endpointing, listening } = recording;
    const durationMs = await close(recording);
    if (durationMs < shortestTakeMs) {
      listening.cancel();
      await remove(take);
      throw new AppError('take/too-short');
    }
    const live = { sound: await readSound(take.id), listening };
    if (await isSilent(live)) {
      listening.cancel();
      await remove(take);
      throw new AppError('take/silent');
    }
    await updateTake(db, take.id, { state: 'recognising', duration_ms: durationMs });
    startRecognition({ take, live, trimmed: endpointing !== null, overSpeech });
    return announce(take.id);
  }

  return {
    async start(topicId, handsFree = false) {
      await getTopic(db, topicId);
      const take: TakeTable = {
        id: uuidv7(),
        topic_id: topicId,
        created_time: clock.now(),
        duration_ms: 0,
        state: 'recording',
        error: null,
      };
      try {
        const file = await openRecording(take);
        const endpointing = handsFree ? createEndpointing(() => pauseAllowanceMs(pauses)) : null;
        const listening = recogniser.listen({
          language: options.spokenLanguage(),
          onPartial: (text) => {
            events.emit('take.partial', { takeId: take.id, topicId, text });
          },
          onWindows: (speech) => {
            for (const window of speech) followPauses(take, endpointing?.next(window) ?? []);
          },
        });
        recordings.set(take.id, {
          take,
          file,
          listening,
          endpointing,
          nextSequence: 0,
          bytes: 0,
          syncedBytes: 0,
          written: Promise.resolve(),
          end: activity.begin(),
        });
        if (handsFree) events.emit('take.listening', { takeId: take.id, topicId, state: 'waiting', pause: null });
      } catch (error) {
        throw profileError(error);
      }
      return announce(take.id);
    },

    async append(takeId, sequence, pcm) {
      const recording = recordings.get(takeId);
      if (!recording) throw new AppError('take/not-found');
      if (sequence !== recording.nextSequence) {
        throw new AppError(
          'app/bad-request',
          `expected stretch ${String(recording.nextSequence)}, got ${String(sequence)}`,
        );
      }
      recording.nextSequence += 1;
      // The interface ends a take at ten minutes; this keeps a broken one from filling the disk.
      if (recording.bytes + pcm.byteLength > (longestTakeMs / 1000 + 5) * bytesPerSecond) {
        throw new AppError('app/bad-request', 'take too long');
      }
      recording.written = recording.written.then(() => write(recording, pcm));
      // To the disk first: what is heard can be heard again.
      await recording.written;
      recording.listening.push(bytesToPcm(pcm));
    },

    async finish(takeId, overSpeech = null) {
      const recording = recordings.get(takeId);
      if (!recording) throw new AppError('take/not-found');
      try {
        return await finishRecording(recording, overSpeech);
      } catch (thrown) {
        const error = profileError(thrown);
        // Of a recording that cannot be completed there may be much: it stays, to be tried again.
        if (error instanceof AppError && error.code.startsWith('profile/')) await fail(takeId, error.code);
        throw error;
      }
    },

    async keep(takeId) {
      const recording = recordings.get(takeId);
      if (!recording) throw new AppError('take/not-found');
      if (!(await setAside(recording, 'take/kept'))) throw new AppError('take/too-short');
      return announce(takeId);
    },

    async giveBack() {
      for (const recording of [...recordings.values()]) {
        if (await setAside(recording, 'take/interrupted')) await announce(recording.take.id);
      }
    },

    async holdOn(takeId) {
      const recording = recordings.get(takeId);
      if (!recording) throw new AppError('take/not-found');
      // Longer than what is allowed now, so that it teaches something even though it is not over.
      await learn(1.5 * pauseAllowanceMs(pauses));
      followPauses(recording.take, recording.endpointing?.holdOn() ?? []);
    },

    discard,

    async transcribe(takeId) {
      const take = await getTake(db, takeId);
      if (view(take).state !== 'failed') return view(take);
      await updateTake(db, takeId, { state: 'recognising', error: null });
      unstored.delete(takeId);
      startRecognition({ take, live: null, trimmed: false, overSpeech: null });
      return announce(takeId);
    },

    async read(takeId) {
      await getTake(db, takeId);
      const file = await readFile(pathOf(takeId)).catch(() => null);
      if (!file) throw new AppError('clip/missing');
      return file;
    },

    list: async (topicId) => (await listTakes(db, topicId)).map(view),

    async discardAll(topicId) {
      for (const take of await listTakes(db, topicId)) await discard(take.id);
    },

    async recover() {
      for (const take of await listTakes(db)) {
        if (take.state === 'failed') continue;
        const file = await readFile(pathOf(take.id)).catch(() => null);
        const bytes = file ? file.byteLength - wavHeaderBytes : 0;
        const durationMs = samplesToMs(Math.floor(bytes / 2), recordingSampleRateHz);
        if (durationMs < shortestTakeMs) await remove(take);
        else await updateTake(db, take.id, { state: 'failed', error: 'take/interrupted', duration_ms: durationMs });
      }
      // A file without a row belongs to a take that became a turn, or was never begun.
      const known = new Set((await listTakes(db)).map((take) => `${take.id}.wav`));
      const files = await readdir(folder).catch(() => []);
      for (const file of files) if (!known.has(file)) await removePatiently(join(folder, file));
    },

    async dispose() {
      for (const recording of [...recordings.values()]) {
        recording.listening.cancel();
        const durationMs = await close(recording);
        await updateTake(db, recording.take.id, { duration_ms: durationMs });
      }
      for (const { controller } of recognitions.values()) controller.abort();
      await Promise.all([...recognitions.values()].map(({ done }) => done));
    },
  };
}

function takeView(take: TakeTable): TakeView {
  return {
    id: take.id,
    topicId: take.topic_id,
    createdTime: take.created_time,
    durationMs: take.duration_ms,
    state: take.state,
    error: take.error === null ? null : { code: take.error },
  };
}
