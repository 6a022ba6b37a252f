import { mkdir, open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { TakeView } from '../../../shared/contract/take.js';
import type { Settings } from '../../../shared/contract/settings.js';
import { longestTakeMs, recordingSampleRateHz, samplesToMs, shortestTakeMs } from '../../../shared/audio-format.js';
import { AppError, type ErrorCode } from '../../../shared/errors.js';
import { profileError, type Db } from '../data/database.js';
import type { TakeTable } from '../data/schema.js';
import { deleteTake, getTake, insertTake, listTakes, updateTake } from '../data/takes.js';
import { getTopic } from '../data/topics.js';
import type { EventHub } from '../events.js';
import type { Clock, Log } from '../ports.js';
import { loudestRms, silenceRms } from '../speech/loudness.js';
import type { Recogniser } from '../speech/recogniser.js';
import { decodeWav, wavHeader, wavHeaderBytes } from '../speech/wav.js';
import type { TurnService } from './turn-service.js';

const bytesPerSecond = recordingSampleRateHz * 2;

export interface TakeServiceOptions {
  readonly db: Db;
  readonly folder: string;
  readonly recogniser: Pick<Recogniser, 'recognise'>;
  readonly turns: Pick<TurnService, 'begin'>;
  spokenLanguage(): Settings['spokenLanguage'];
  readonly events: EventHub;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Recordings on their way to become turns. A take is on disk before anything else happens to it, second by second:
 * neither a failed recognition nor a crash loses it.
 */
export interface TakeService {
  start(topicId: string): Promise<TakeView>;
  append(takeId: string, sequence: number, pcm: Uint8Array): Promise<void>;
  finish(takeId: string): Promise<TakeView>;
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
  nextSequence: number;
  bytes: number;
  syncedBytes: number;
  /** Writes happen in the order in which they were asked for. */
  written: Promise<void>;
}

export function createTakeService(options: TakeServiceOptions): TakeService {
  const { db, folder, recogniser, turns, events, clock, log } = options;
  const recordings = new Map<string, Recording>();
  const recognitions = new Map<string, { readonly controller: AbortController; readonly done: Promise<void> }>();

  const pathOf = (takeId: string) => join(folder, `${takeId}.wav`);

  async function announce(takeId: string): Promise<TakeView> {
    const take = takeView(await getTake(db, takeId));
    events.emit('take.changed', { take });
    return take;
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

  /** Completes the file and its row. */
  async function close(recording: Recording): Promise<number> {
    recordings.delete(recording.take.id);
    // A failed write has been told to whoever appended; what was written before it is still worth keeping.
    await recording.written.catch(() => undefined);
    await recording.file.write(wavHeader(recording.bytes, recordingSampleRateHz), 0, wavHeaderBytes, 0);
    await recording.file.sync();
    await recording.file.close();
    return samplesToMs(recording.bytes / 2, recordingSampleRateHz);
  }

  async function remove(take: Pick<TakeTable, 'id' | 'topic_id'>): Promise<void> {
    await deleteTake(db, take.id);
    await rm(pathOf(take.id), { force: true });
    events.emit('take.removed', { takeId: take.id, topicId: take.topic_id });
  }

  async function fail(takeId: string, error: ErrorCode): Promise<void> {
    await updateTake(db, takeId, { state: 'failed', error });
    await announce(takeId);
  }

  /** Hears the take and sends it. Never rejects: a failed take stays, with the reason. */
  async function recognise(take: Pick<TakeTable, 'id' | 'topic_id'>, signal: AbortSignal): Promise<void> {
    try {
      const sound = decodeWav(await readFile(pathOf(take.id)));
      const text = await recogniser.recognise(sound.samples, options.spokenLanguage(), signal);
      await turns.begin({ topicId: take.topic_id, text, take: { id: take.id, sound } });
      await rm(pathOf(take.id), { force: true });
      events.emit('take.removed', { takeId: take.id, topicId: take.topic_id });
    } catch (error) {
      // Discarded meanwhile, or the app is closing: the row says what there is to say.
      if (signal.aborted) return;
      if (!(error instanceof AppError)) log.error('recognition broke', { takeId: take.id, error });
      await fail(take.id, error instanceof AppError ? error.code : 'recogniser/failed');
    }
  }

  function startRecognition(take: Pick<TakeTable, 'id' | 'topic_id'>): void {
    const controller = new AbortController();
    const done = recognise(take, controller.signal)
      .catch((error: unknown) => {
        log.error('take broke', { takeId: take.id, error });
      })
      .finally(() => recognitions.delete(take.id));
    recognitions.set(take.id, { controller, done });
  }

  async function discard(takeId: string): Promise<void> {
    const take = await getTake(db, takeId);
    const recording = recordings.get(takeId);
    if (recording) await close(recording);
    const recognition = recognitions.get(takeId);
    recognition?.controller.abort();
    await recognition?.done;
    // It may have become a turn while it was being stopped.
    const isStillThere = (await listTakes(db, take.topic_id)).some(({ id }) => id === takeId);
    if (isStillThere) await remove(take);
  }

  return {
    async start(topicId) {
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
        await mkdir(folder, { recursive: true });
        const file = await open(pathOf(take.id), 'wx');
        await file.write(wavHeader(0, recordingSampleRateHz));
        await insertTake(db, take);
        recordings.set(take.id, { take, file, nextSequence: 0, bytes: 0, syncedBytes: 0, written: Promise.resolve() });
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
      await recording.written;
    },

    async finish(takeId) {
      const recording = recordings.get(takeId);
      if (!recording) throw new AppError('take/not-found');
      const durationMs = await close(recording);
      if (durationMs < shortestTakeMs) {
        await remove(recording.take);
        throw new AppError('take/too-short');
      }
      const { samples, sampleRateHz } = decodeWav(await readFile(pathOf(takeId)));
      if (loudestRms(samples, sampleRateHz) < silenceRms) {
        await remove(recording.take);
        throw new AppError('take/silent');
      }
      await updateTake(db, takeId, { state: 'recognising', duration_ms: durationMs });
      startRecognition(recording.take);
      return announce(takeId);
    },

    discard,

    async transcribe(takeId) {
      const take = await getTake(db, takeId);
      if (take.state !== 'failed') return takeView(take);
      await updateTake(db, takeId, { state: 'recognising', error: null });
      startRecognition(take);
      return announce(takeId);
    },

    async read(takeId) {
      await getTake(db, takeId);
      const file = await readFile(pathOf(takeId)).catch(() => null);
      if (!file) throw new AppError('clip/missing');
      return file;
    },

    list: async (topicId) => (await listTakes(db, topicId)).map(takeView),

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
      for (const file of files) if (!known.has(file)) await rm(join(folder, file), { force: true });
    },

    async dispose() {
      for (const recording of [...recordings.values()]) {
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
