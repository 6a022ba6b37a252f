import { mkdir, open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createSHA256, type IHasher } from 'hash-wasm';
import { z } from 'zod';
import { removePatiently } from '../../data/patient-files.js';
import { writeWholeFile } from '../../data/whole-file.js';

/** A stretch of a file that one connection fetches: `[start, end)`, of which the first `have` bytes are here. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  have: number;
}

/**
 * A file that is not whole yet, beside a record of what is here: it goes on after a pause, a cut, a kill or a power cut.
 * It is hashed while it is written, and the state of that is in the record, so that nothing is read again.
 */
export interface PartFile {
  readonly stretches: readonly Stretch[];
  /** How many bytes are here. */
  readonly received: number;
  readonly isComplete: boolean;
  /** The addresses that sent some of it. */
  readonly sources: ReadonlySet<string>;
  /** What each address called its version of the file. */
  readonly etags: ReadonlyMap<string, string>;
  /** Cuts what is missing at the end into so many stretches. Only one that is in one stretch is cut. */
  split(count: number): void;
  noteSource(url: string, etag: string | null): void;
  /** Appends to a stretch. Rejects as the file system does. */
  write(stretch: Stretch, bytes: Uint8Array): Promise<void>;
  /** Makes sure that what is here is here after a power cut, too. */
  checkpoint(): Promise<void>;
  /** Of the whole file, as 64 hexadecimal digits; it must be complete. It is on the disk then. */
  hash(): Promise<string>;
  /** Throws away all that came: it begins anew. */
  reset(): Promise<void>;
  /** Closes the file; what is here stays for another time. */
  close(): Promise<void>;
}

const recordSchema = z.object({
  version: z.literal(1),
  bytes: z.number().int(),
  stretches: z.array(z.object({ start: z.number().int(), end: z.number().int(), have: z.number().int() })).nonempty(),
  sources: z.array(z.string()),
  etags: z.record(z.string(), z.string()),
  /**
   * How far it was hashed, the hasher's state there, and when the file was last written then: where somebody has written
   * to it since, the state is not taken and the file is read again.
   */
  hash: z.object({ at: z.number().int(), state: z.base64(), writtenMs: z.number() }),
});
type PartRecord = z.infer<typeof recordSchema>;

/** How often what is here is made sure of, ms: what a kill can cost. */
const checkpointMs = 1000;
const readSize = 2 ** 20;

export const recordOf = (path: string): string => `${path}.json`;

/** Removes a part file and its record. */
export async function removePart(path: string): Promise<void> {
  await removePatiently(path);
  await removePatiently(recordOf(path));
}

/** How many bytes of a part file are here; 0 where there is none. */
export async function receivedOf(path: string, bytes: number): Promise<number> {
  return sumOf((await readRecord(path, bytes))?.stretches ?? []);
}

const sumOf = (stretches: readonly Stretch[]): number => stretches.reduce((sum, { have }) => sum + have, 0);

/** Opens what there is of a file of so many bytes. Rejects as the file system does. */
export async function openPartFile(path: string, bytes: number): Promise<PartFile> {
  await mkdir(dirname(path), { recursive: true });
  const record = await readRecord(path, bytes);
  const file = await open(path, record === null ? 'w+' : 'r+');
  try {
    return await createPartFile(path, bytes, file, record);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function createPartFile(
  path: string,
  bytes: number,
  file: FileHandle,
  record: PartRecord | null,
): Promise<PartFile> {
  const hasher = await createSHA256();
  hasher.init();
  let hashed = 0;
  let stretches: Stretch[] = [{ start: 0, end: bytes, have: 0 }];
  const sources = new Set<string>();
  const etags = new Map<string, string>();
  let savedTime = performance.now();
  let saving: Promise<void> = Promise.resolve();

  if (record !== null) {
    stretches = record.stretches;
    for (const url of record.sources) sources.add(url);
    for (const [url, etag] of Object.entries(record.etags)) etags.set(url, etag);
    // One that another version of the hasher wrote is not taken; then the beginning is read again.
    const { at, state, writtenMs } = record.hash;
    if ((await file.stat()).mtimeMs === writtenMs && restore(hasher, state)) hashed = at;
  }

  /** How far it is here without a gap. */
  const unbroken = () => {
    let at = 0;
    for (const { start, end, have } of stretches) {
      if (start > at) break;
      at = start + have;
      if (at < end) break;
    }
    return at;
  };

  /** Hashes what came out of order, from the disk. */
  async function catchUp(): Promise<void> {
    const buffer = new Uint8Array(readSize);
    while (hashed < unbroken()) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(readSize, unbroken() - hashed), hashed);
      if (bytesRead === 0) throw new Error('the part file is shorter than its record says');
      hasher.update(buffer.subarray(0, bytesRead));
      hashed += bytesRead;
    }
  }

  async function save(): Promise<void> {
    const hash = { at: hashed, state: Buffer.from(hasher.save()).toString('base64') };
    const kept = {
      version: 1 as const,
      bytes,
      stretches: stretches.map((each) => ({ ...each })),
      sources: [...sources],
      etags: Object.fromEntries(etags),
    };
    // What is noted must be on the disk before the note is.
    await file.sync();
    const { mtimeMs } = await file.stat();
    const noted: PartRecord = { ...kept, hash: { ...hash, writtenMs: mtimeMs } };
    await writeWholeFile(recordOf(path), JSON.stringify(noted));
  }

  function checkpoint(): Promise<void> {
    savedTime = performance.now();
    saving = saving.catch(() => undefined).then(save);
    return saving;
  }

  return {
    get stretches() {
      return stretches;
    },
    get received() {
      return sumOf(stretches);
    },
    get isComplete() {
      return sumOf(stretches) === bytes;
    },
    sources,
    etags,
    split(count) {
      const [only, ...others] = stretches;
      if (!only || others.length > 0) return;
      const from = only.start + only.have;
      const size = Math.ceil((only.end - from) / count);
      stretches = [{ start: only.start, end: from + size, have: only.have }];
      for (let start = from + size; start < only.end; start += size) {
        stretches.push({ start, end: Math.min(start + size, only.end), have: 0 });
      }
    },
    noteSource(url, etag) {
      sources.add(url);
      if (etag !== null) etags.set(url, etag);
    },
    async write(stretch, chunk) {
      const at = stretch.start + stretch.have;
      await file.write(chunk, 0, chunk.length, at);
      if (at === hashed) {
        hasher.update(chunk);
        hashed += chunk.length;
      }
      stretch.have += chunk.length;
      if (performance.now() - savedTime >= checkpointMs) await checkpoint();
    },
    checkpoint,
    async hash() {
      await catchUp();
      await file.sync();
      // The hasher can go on; its digest ends it.
      const state = hasher.save();
      const digest = hasher.digest('hex');
      hasher.load(state);
      return digest;
    },
    async reset() {
      await saving.catch(() => undefined);
      stretches = [{ start: 0, end: bytes, have: 0 }];
      sources.clear();
      etags.clear();
      hasher.init();
      hashed = 0;
      await file.truncate(0);
      await checkpoint();
    },
    async close() {
      try {
        await checkpoint();
      } finally {
        await file.close();
      }
    },
  };
}

function restore(hasher: IHasher, state: string): boolean {
  try {
    hasher.load(Buffer.from(state, 'base64'));
    return true;
  } catch {
    hasher.init();
    return false;
  }
}

/** The record of a file of so many bytes; null where there is none, or none that can be gone on from. */
async function readRecord(path: string, bytes: number): Promise<PartRecord | null> {
  const text = await readFile(recordOf(path), 'utf8').catch(() => null);
  const size = await stat(path).then(
    (found) => found.size,
    () => -1,
  );
  if (text === null) return null;
  let record: PartRecord;
  try {
    record = recordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
  let at = 0;
  for (const { start, end, have } of record.stretches) {
    if (start !== at || end < start || have < 0 || have > end - start) return null;
    if (have > 0 && start + have > size) return null;
    at = end;
  }
  return record.bytes === bytes && at === bytes ? record : null;
}
