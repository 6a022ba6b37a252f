import { cp, mkdir, open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { archiveHeadBytes, archiveKindOf } from '../../../shared/archive-kind.js';
import { AppError } from '../../../shared/errors.js';
import {
  exists,
  foundIn,
  modelFilesBelow,
  partsOf,
  piperDescriptionOf,
  preparePiperVoice,
  type Found,
} from './identify.js';

/** What an import needs of the store that it goes to. */
export interface ImportHelp<File> {
  /** See `ModelStoreOptions`. */
  unpack(archive: string, folder: string, signal: AbortSignal): Promise<readonly File[]>;
  /** espeak-ng's data of a voice that is installed; null where none has it. */
  pronunciation(): Promise<string | null>;
}

/**
 * Copies what somebody has into a new folder: an archive, a model's file, or a folder with a model in it, each known by
 * its content and not by its name. Of a folder only the model's own files are taken: whoever gives the folder of their
 * downloads wants one model of it. Rejects with `models/unknown-file`, `models/no-pronunciation`, as `unpack` does, or
 * as the file system does.
 */
export async function importModel<File>(path: string, place: string, help: ImportHelp<File>): Promise<void> {
  if (await isArchive(path)) {
    await help.unpack(path, place, new AbortController().signal);
    if ((await foundIn(place)) === null) await preparePiperVoices(place, help);
    return;
  }
  await mkdir(place);
  const isFolder = (await readdir(path).catch(() => null)) !== null;
  if (isFolder) {
    await copyFrom(path, place, help);
  } else if (path.endsWith('.onnx') && !(await exists(piperDescriptionOf(path)))) {
    // The file alone says nothing: the rest of the voice lies beside it.
    const found = await foundIn(dirname(path), path);
    if (found !== null) await copyParts(found, place);
  } else {
    const copy = join(place, basename(path));
    await copyFile(path, copy);
    if (!(await exists(piperDescriptionOf(path)))) return;
    await copyFile(piperDescriptionOf(path), piperDescriptionOf(copy));
    await preparePiper(copy, dirname(path), help);
  }
}

/** Whether a file is an archive; a folder is none. Rejects with `models/unknown-file` where nothing is there. */
export async function isArchive(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(archiveHeadBytes), 0, archiveHeadBytes, 0);
      return archiveKindOf(buffer.subarray(0, bytesRead)) !== null;
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EISDIR') return false;
    throw error;
  }
}

/** Takes the first model that a folder has, as it is or as Piper publishes it. */
async function copyFrom<File>(folder: string, place: string, help: ImportHelp<File>): Promise<void> {
  const found = await foundIn(folder);
  if (found !== null) {
    await copyParts(found, place);
    return;
  }
  for (const model of await modelFilesBelow(folder)) {
    if (!(await exists(piperDescriptionOf(model)))) continue;
    const copy = join(place, basename(model));
    await copyFile(model, copy);
    await copyFile(piperDescriptionOf(model), piperDescriptionOf(copy));
    await preparePiper(copy, dirname(model), help);
    return;
  }
}

async function copyParts(found: Found, place: string): Promise<void> {
  for (const part of partsOf(found)) await copyFile(part, join(place, basename(part)));
}

/** A file or a folder. What a link points to is copied in its place: a link would lead out of the store. */
const copyFile = (from: string, to: string): Promise<void> => cp(from, to, { recursive: true, dereference: true });

/** Completes Piper's own files where an archive had nothing else. */
async function preparePiperVoices<File>(place: string, help: ImportHelp<File>): Promise<void> {
  for (const model of await modelFilesBelow(place)) {
    if (await exists(piperDescriptionOf(model))) await preparePiper(model, dirname(model), help);
  }
}

/** Adds what sherpa-onnx needs and Piper does not publish. espeak-ng's data is what lies beside it, or another voice's. */
async function preparePiper<File>(model: string, original: string, help: ImportHelp<File>): Promise<void> {
  await preparePiperVoice(model);
  const dataDir = join(dirname(model), 'espeak-ng-data');
  if (await exists(dataDir)) return;
  const beside = join(original, 'espeak-ng-data');
  const source = (await exists(beside)) ? beside : await help.pronunciation();
  if (source === null) throw new AppError('models/no-pronunciation', basename(model));
  await copyFile(source, dataDir);
}
