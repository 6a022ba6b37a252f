import { open, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../../shared/errors.js';
import { lockFile } from '../../data/file-lock.js';
import { renamePatiently } from '../../data/patient-files.js';
import type { Log } from '../../ports.js';
import type { HostSpeeds } from './host-speeds.js';
import { openPartFile, removePart, type PartFile, type Stretch } from './part-file.js';
import { hostLimits, HostError, openRange, type HostLimits, type Range } from './range-source.js';

/** A file to be had, and where it may lie. */
export interface Wanted {
  readonly bytes: number;
  /** The hashes that it may have. */
  readonly sha256: readonly string[];
  readonly urls: readonly Source[];
}

export interface Source {
  /** Whoever keeps it; their speed is remembered under this name. */
  readonly host: string;
  readonly url: string;
}

export interface Progress {
  readonly received: number;
  readonly total: number;
  /** Over the last seconds; null where that cannot be told yet. */
  readonly bytesPerSecond: number | null;
  readonly host: string;
}

export interface DownloadOptions {
  readonly fetch: typeof fetch;
  readonly speeds: HostSpeeds;
  readonly log: Log;
  readonly signal: AbortSignal;
  onProgress(progress: Progress): void;
  readonly limits?: DownloadLimits;
}

export interface DownloadLimits extends HostLimits {
  /** Connections to one host, for files of at least `parallelBytes`. */
  readonly connections: number;
  readonly parallelBytes: number;
  /** After a round in which no host sent anything: the pauses before each further one, ms. */
  readonly roundPausesMs: readonly number[];
}

export const downloadLimits: DownloadLimits = {
  ...hostLimits,
  connections: 4,
  parallelBytes: 32 * 2 ** 20,
  roundPausesMs: [1000, 4000, 10_000],
};

/** What is left free on the disk, whatever comes. */
const reserveBytes = 64 * 2 ** 20;

/** What is written at once, or after so many ms if that comes first. */
const writeSize = 2 ** 19;
const writeEveryMs = 250;

/**
 * Downloads a file to `target`: it is there whole, with one of the hashes that were asked for, or not at all. What came is
 * kept at `target.part` and gone on with the next time, from whichever host: the hash decides in the end. Answers the
 * hash. Rejects with the signal's reason, or with `models/in-progress` (another window downloads it), `models/no-host`,
 * `models/proxy` (none could be reached because of it), `models/wrong-file`, `models/disk-full` or `models/unwritable`.
 */
export async function download(target: string, wanted: Wanted, options: DownloadOptions): Promise<string> {
  const part = `${target}.part`;
  let unlock: (() => void) | null = null;
  try {
    unlock = lockFile(`${target}.lock`);
    if (unlock === null) throw new AppError('models/in-progress', target);
    const file = await openPartFile(part, wanted.bytes);
    let sha256: string;
    try {
      sha256 = await fetchWhole(file, part, wanted, options);
    } finally {
      await file.close();
    }
    await renamePatiently(part, target);
    await syncFolder(dirname(target));
    await removePart(part);
    return sha256;
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    throw storeError(error);
  } finally {
    unlock?.();
    await options.speeds.written();
  }
}

/** What a failed write means, by the system's own code or that of `profileError`. */
export function storeError(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  const detail = (error as Error | null)?.message;
  if (code === 'ENOSPC' || code === 'profile/disk-full' || code === 'SQLITE_FULL')
    return new AppError('models/disk-full', detail, { cause: error });
  if (/^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|EBUSY|EIO|SQLITE_|profile\/unwritable)/.test(String(code)))
    return new AppError('models/unwritable', detail, { cause: error });
  return error;
}

/** A file's name is on the disk only when its folder is. Windows has no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Has hosts send what is missing until the file is whole and is the right one. */
async function fetchWhole(file: PartFile, path: string, wanted: Wanted, options: DownloadOptions): Promise<string> {
  await checkSpace(path, wanted.bytes - file.received);
  let attempts: (readonly Source[])[] = [options.speeds.sorted(wanted.urls)];
  /** What was here already may be what is wrong. */
  let isResumed = file.received > 0;
  for (let urls = attempts.shift(); urls !== undefined; urls = attempts.shift()) {
    try {
      await fetchMissing(file, urls, wanted.bytes, options);
    } catch (error) {
      const isLast = attempts.length === 0;
      if (isLast || !(error instanceof AppError && error.code === 'models/no-host')) throw error;
      await file.reset();
      continue;
    }
    const sha256 = await file.hash();
    if (wanted.sha256.includes(sha256)) return sha256;
    const senders = urls.filter(({ url }) => file.sources.has(url));
    const others = urls.filter(({ url }) => !file.sources.has(url));
    options.log.warn('a download is not the file it should be', {
      path,
      sha256,
      senders: senders.map(({ url }) => url),
    });
    await file.reset();
    // One sender was wrong. Of several it may be any: each is asked alone.
    if (isResumed) attempts = [urls];
    else if (senders.length > 1) attempts = [...senders.map((sender) => [sender]), others];
    else if (attempts.length === 0) attempts = [others];
    attempts = attempts.filter(({ length }) => length > 0);
    isResumed = false;
  }
  throw new AppError('models/wrong-file', `no address has the right file: ${path}`);
}

async function checkSpace(path: string, missing: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  const free = bavail * bsize;
  if (free < missing + reserveBytes)
    throw new AppError('models/disk-full', `${String(missing)} bytes are missing, ${String(free)} are free`);
}

/** Asks the hosts in turn until nothing is missing. Rejects with `models/no-host` when none sends anything any more. */
async function fetchMissing(
  file: PartFile,
  urls: readonly Source[],
  total: number,
  options: DownloadOptions,
): Promise<void> {
  const { signal, limits = downloadLimits } = options;
  const meter = createMeter();
  /** Why each address was left. */
  const left = new Map<string, HostError>();
  let fruitlessRounds = 0;
  for (;;) {
    const before = file.received;
    for (const source of urls) {
      if (left.get(source.url)?.isWrong) continue;
      const reason = await useHost(source, file, total, meter, options);
      if (reason !== null) left.set(source.url, reason);
    }
    if (file.isComplete) break;
    const pauseMs = limits.roundPausesMs[fruitlessRounds];
    const mayHelp = urls.some(({ url }) => !left.get(url)?.isWrong);
    if (file.received > before) fruitlessRounds = 0;
    else if (!mayHelp || pauseMs === undefined) {
      const reasons = [...left].map(([url, { message }]) => `${url}: ${message}`);
      const isProxy = left.size > 0 && [...left.values()].every((reason) => reason.isProxy);
      throw new AppError(isProxy ? 'models/proxy' : 'models/no-host', reasons.join('; '));
    } else {
      await sleep(pauseMs, undefined, { signal });
      fruitlessRounds += 1;
    }
  }
  await file.checkpoint();
}

/** Lets one host send for as long as it sends anything. Answers why it was left; null where the file is complete. */
async function useHost(
  source: Source,
  file: PartFile,
  total: number,
  meter: Meter,
  options: DownloadOptions,
): Promise<HostError | null> {
  while (!file.isComplete) {
    const had = file.received;
    try {
      await fetchFrom(source, file, total, meter, options);
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof HostError)) throw error;
      options.log.info('a host broke off', { host: source.host, reason: error.message, received: file.received });
      // One that was cut off in the middle is asked to go on.
      if (!error.isWrong && !error.isSlow && file.received > had) continue;
      options.speeds.note(source.host, 0);
      return error;
    }
    const bytesPerSecond = meter.bytesPerSecond();
    if (bytesPerSecond !== null) options.speeds.note(source.host, bytesPerSecond);
  }
  return null;
}

/** Has a host send all that is missing, over several connections where it sends parts. Rejects with a `HostError`. */
async function fetchFrom(
  source: Source,
  file: PartFile,
  total: number,
  meter: Meter,
  options: DownloadOptions,
): Promise<void> {
  const { fetch, limits = downloadLimits } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const isOpen = ({ start, end, have }: Stretch) => have < end - start;
  const openAt = ({ start, end, have }: Stretch): Promise<Range> => {
    const etag = file.etags.get(source.url) ?? null;
    return openRange(fetch, { url: source.url, from: start + have, to: end, total, etag }, limits, signal);
  };
  const receive = (stretches: readonly Stretch[], range: Range) =>
    receiveStretches(file, stretches, range, (bytes) => {
      meter.note(bytes);
      options.onProgress({
        received: file.received,
        total,
        bytesPerSecond: meter.bytesPerSecond(),
        host: source.host,
      });
    });

  const whole = file.stretches.find(isOpen);
  if (!whole) return;
  const range = await openAt(whole);
  if (range.isChanged) {
    await file.reset();
    throw new HostError('the file was replaced');
  }
  file.noteSource(source.url, range.etag);
  if (!range.takesRanges) {
    await receive(file.stretches.filter(isOpen), range);
    return;
  }
  if (total - file.received >= limits.parallelBytes) file.split(limits.connections);
  const [first, ...others] = file.stretches.filter(isOpen);
  const connections = [
    ...(first ? [receive([first], range)] : []),
    ...others.map(async (stretch) => receive([stretch], await openAt(stretch))),
  ];
  const failures: unknown[] = [];
  await Promise.all(
    connections.map((connection) =>
      connection.catch((error: unknown) => {
        failures.push(error);
        // Another connection may go on without this one; nothing goes on without a disk.
        if (!(error instanceof HostError)) stop.abort(error);
      }),
    ),
  );
  const worst = failures.find((error) => !(error instanceof HostError)) ?? failures[0];
  if (worst !== undefined) throw worst as Error;
}

/** Writes what comes to the stretches it belongs to, in their order. Rejects with a `HostError` where it ends too early. */
async function receiveStretches(
  file: PartFile,
  stretches: readonly Stretch[],
  { body }: Range,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const waiting = [...stretches];
  let position = waiting[0] ? waiting[0].start + waiting[0].have : 0;
  // One piece of memory for all that comes: what is thrown away after each write would pile up until it is collected.
  const held = Buffer.allocUnsafe(writeSize);
  let heldBytes = 0;
  let writtenTime = performance.now();

  async function flush(): Promise<void> {
    let bytes: Uint8Array = held.subarray(0, heldBytes);
    heldBytes = 0;
    writtenTime = performance.now();
    while (bytes.length > 0 && waiting[0]) {
      const stretch = waiting[0];
      // What is here already is passed over.
      const at = stretch.start + stretch.have;
      const skipped = Math.min(bytes.length, Math.max(0, at - position));
      const taken = bytes.subarray(skipped, Math.min(bytes.length, skipped + stretch.end - at));
      if (taken.length > 0) {
        await file.write(stretch, taken);
        onBytes(taken.length);
      }
      position += skipped + taken.length;
      bytes = bytes.subarray(skipped + taken.length);
      if (stretch.start + stretch.have === stretch.end) waiting.shift();
    }
  }

  try {
    for await (let chunk of body) {
      while (chunk.length > 0) {
        const taken = chunk.subarray(0, writeSize - heldBytes);
        held.set(taken, heldBytes);
        heldBytes += taken.length;
        chunk = chunk.subarray(taken.length);
        if (heldBytes === writeSize) await flush();
      }
      if (performance.now() - writtenTime >= writeEveryMs) await flush();
      if (!waiting[0]) return;
      // The last of it need not wait for more.
      const { end } = waiting[0];
      if (waiting.length === 1 && position + heldBytes >= end) {
        await flush();
        return;
      }
    }
  } finally {
    // What came before a cut counts, too.
    await flush();
  }
  if (waiting[0]) throw new HostError('it ended too early');
}

interface Meter {
  note(bytes: number): void;
  bytesPerSecond(): number | null;
}

const meterMs = 4000;
const leastMeterMs = 500;

/** How fast something has come lately. */
function createMeter(): Meter {
  const startTime = performance.now();
  let notes: { readonly time: number; readonly bytes: number }[] = [];
  return {
    note(bytes) {
      const time = performance.now();
      notes = notes.filter((note) => time - note.time < meterMs);
      notes.push({ time, bytes });
    },
    bytesPerSecond() {
      const spanMs = Math.min(meterMs, performance.now() - startTime);
      if (spanMs < leastMeterMs) return null;
      return (notes.reduce((sum, { bytes }) => sum + bytes, 0) * 1000) / spanMs;
    },
  };
}
