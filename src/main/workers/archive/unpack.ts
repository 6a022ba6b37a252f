import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import tar from 'tar-stream';
import bunzip2 from 'unbzip2-stream';
import yauzl from 'yauzl';
import { archiveHeadBytes, archiveKindOf, type ArchiveKind } from '../../../shared/archive-kind.js';
import { AppError } from '../../../shared/errors.js';
import type { ArchiveLimits, UnpackedFile } from '../../../shared/worker-contract.js';

/**
 * Unpacks a .tar.bz2, .tar.gz, .tar or .zip, told by its content, to a folder that is not there yet: afterwards all of it
 * is there, or the folder is not. Files and folders only: a link, or a name that leads out of the folder, or more than
 * the limits allow, is `models/archive-unsafe`; what cannot be read is `models/archive-damaged`; what is no archive is
 * `models/unknown-file`; a disk that does not take it is `models/disk-full` or `models/unwritable`.
 */
export async function unpack(
  archive: string,
  folder: string,
  limits: ArchiveLimits,
  signal: AbortSignal,
): Promise<readonly UnpackedFile[]> {
  const kind = await kindOf(archive);
  const writer = createWriter(folder, limits, signal);
  await mkdir(folder, { recursive: false });
  try {
    await (kind === 'zip' ? unpackZip(archive, writer) : unpackTar(archive, kind, writer, signal));
    return writer.files;
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    signal.throwIfAborted();
    if (error instanceof AppError) throw error;
    const code = diskCode(error);
    if (code !== null) throw new AppError(code, String(error), { cause: error });
    // yauzl looks at names, too.
    if (/relative path|absolute path|invalid characters/.test(String(error))) unsafe(String(error));
    throw new AppError('models/archive-damaged', String(error), { cause: error });
  }
}

async function kindOf(path: string): Promise<ArchiveKind> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(archiveHeadBytes), 0, archiveHeadBytes, 0);
    const kind = archiveKindOf(buffer.subarray(0, bytesRead));
    if (kind !== null) return kind;
    throw new AppError('models/unknown-file', path);
  } finally {
    await file.close();
  }
}

async function unpackTar(archive: string, kind: ArchiveKind, writer: Writer, signal: AbortSignal): Promise<void> {
  const extract = tar.extract();
  const decompress = { bzip2: bunzip2, gzip: createGunzip, tar: () => new Transform({ transform: passOn }), zip: null }[
    kind
  ];
  const source = createReadStream(archive);
  const reading = pipeline(
    decompress === null ? [source, extract] : [source, decompress() as NodeJS.ReadWriteStream, extract],
    { signal },
  );
  // Its failure is what the loop below throws, too, or what is waited for after it.
  reading.catch(() => undefined);
  let isEnded = false;
  for await (const entry of extract) {
    const { name, type, size } = entry.header;
    if (type === 'directory') await writer.folder(name);
    else if (type === 'file') await writer.file(name, size, entry as AsyncIterable<Buffer>);
    else unsafe(`${name} is a ${type}`);
    entry.resume();
    isEnded = true;
  }
  await reading;
  if (!isEnded) throw new AppError('models/archive-damaged', 'nothing is in it');
}

const passOn = (chunk: unknown, _: BufferEncoding, done: (error: null, chunk: unknown) => void) => {
  done(null, chunk);
};

const unixKindMask = 0o170000;
const unixFile = 0o100000;
const unixFolder = 0o040000;

async function unpackZip(archive: string, writer: Writer): Promise<void> {
  const zip = await yauzl.openPromise(archive, { decodeStrings: true, strictFileNames: false });
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName;
    const unixKind = (entry.externalFileAttributes >>> 16) & unixKindMask;
    if (unixKind !== 0 && unixKind !== unixFile && unixKind !== unixFolder)
      unsafe(`${name} is neither file nor folder`);
    if (name.endsWith('/')) await writer.folder(name);
    else await writer.file(name, entry.uncompressedSize, await zip.openReadStreamPromise(entry));
  }
}

interface Writer {
  readonly files: readonly UnpackedFile[];
  folder(name: string): Promise<void>;
  file(name: string, size: number, content: AsyncIterable<Buffer>): Promise<void>;
}

function createWriter(root: string, limits: ArchiveLimits, signal: AbortSignal): Writer {
  const files: UnpackedFile[] = [];
  /** Names without case, since some disks have none: two that differ only there would be one. */
  const names = new Set<string>();
  let bytes = 0;

  function admit(name: string): string {
    if (names.size >= limits.entries) unsafe('too many files');
    return safePath(name);
  }

  return {
    files,
    async folder(name) {
      const path = admit(name);
      names.add(path.toLowerCase());
      await mkdir(join(root, path), { recursive: true });
    },
    async file(name, size, content) {
      signal.throwIfAborted();
      const path = admit(name);
      if (names.has(path.toLowerCase())) unsafe(`${path} is there twice`);
      names.add(path.toLowerCase());
      if (bytes + size > limits.bytes) unsafe(`more than ${String(limits.bytes)} bytes`);
      await mkdir(dirname(join(root, path)), { recursive: true });
      const file = await open(join(root, path), 'wx');
      const hash = createHash('sha256');
      let written = 0;
      try {
        for await (const chunk of content) {
          written += chunk.length;
          // What the head of an entry says may be a lie.
          if (bytes + written > limits.bytes) unsafe(`more than ${String(limits.bytes)} bytes`);
          hash.update(chunk);
          await file.writeFile(chunk);
        }
        if (written !== size) throw new AppError('models/archive-damaged', `${path} has another length`);
        await file.sync();
      } finally {
        await file.close();
      }
      bytes += written;
      files.push({ path, bytes: written, sha256: hash.digest('hex') });
    },
  };
}

/** What Windows takes for a device, whatever stands behind the dot. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** A name as a path with `/` below the folder it is unpacked to. Throws `models/archive-unsafe` where it leads elsewhere. */
function safePath(name: string): string {
  const parts = name
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  const isSafe =
    !/^([/\\]|[a-z]:)/i.test(name) &&
    !/[\x00-\x1f<>:"|?*]/.test(name) &&
    name.length <= 400 &&
    parts.length > 0 &&
    parts.length <= 16 &&
    parts.every((part) => part !== '..' && !reserved.test(part) && !/[. ]$/.test(part));
  if (!isSafe && !(parts.length === 0 && /^\.?\/?$/.test(name))) unsafe(`name ${JSON.stringify(name)}`);
  return parts.join('/');
}

function unsafe(detail: string): never {
  throw new AppError('models/archive-unsafe', detail);
}

/** What a failure of the disk is called; null where it is of another kind. */
function diskCode(error: unknown): 'models/disk-full' | 'models/unwritable' | null {
  const code = String((error as NodeJS.ErrnoException).code);
  if (code === 'ENOSPC') return 'models/disk-full';
  return /^(EACCES|EPERM|EROFS|EIO)$/.test(code) ? 'models/unwritable' : null;
}
