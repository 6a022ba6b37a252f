import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { tarGz } from '../../src/main/core/testing/archives.js';
import { startFileHost, type FileHost, type Misbehaviour } from '../../src/main/core/testing/file-host.js';

const demo = resolve(import.meta.dirname, '../../resources/demo');
const recogniserFile = readFileSync(join(demo, 'micro-whisper.bin'));
const voiceFolder = join(demo, 'micro-voice');

export interface DemoCatalogue {
  /** What stands in `catalogue.json`. */
  readonly catalogue: unknown;
  close(): Promise<unknown>;
}

/**
 * A catalogue whose recommended pairs lie on hosts of this machine. The files are the demo's, so that they really hear
 * and speak; the app takes them for any others.
 */
export async function startDemoCatalogue(how: Misbehaviour = {}): Promise<DemoCatalogue> {
  const archive = await tarGz(
    readdirSync(voiceFolder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ name: join('voice', relative(voiceFolder, path)), content: readFileSync(path) })),
  );
  const hosts: FileHost[] = [await startFileHost(recogniserFile, how), await startFileHost(archive, how)];
  const entry = (id: string, name: string, file: string, content: Buffer, index: number) => ({
    id,
    name,
    file,
    bytes: content.length,
    sha256: [createHash('sha256').update(content).digest('hex')],
    checksums: null,
    urls: [{ host: 'loopback', url: hosts[index]?.url }],
    licence: 'MIT',
    creditRequired: false,
  });
  // Whatever machine this is, one of these is what it is recommended.
  const recognisers = ['base-q5_1', 'small-q5_1', 'large-v3-turbo-q5_0'].map((size) => ({
    kind: 'recogniser',
    ...entry(`whisper-${size}`, `Whisper ${size}`, `ggml-${size}.bin`, recogniserFile, 0),
    size,
    multilingual: true,
    quantisation: 'q5_1',
  }));
  const voices = ['-int8', ''].map((suffix) => ({
    kind: 'voice',
    ...entry(`piper-en_US-kristin-medium${suffix}`, `Piper Kristin${suffix}`, `kristin${suffix}.tar.gz`, archive, 1),
    form: 'piper',
    accent: 'US',
    sampleRateHz: 16000,
    speakers: { count: 1, names: null },
  }));
  return {
    catalogue: { version: 1, models: [...recognisers, ...voices] },
    close: () => Promise.all(hosts.map((host) => host.close())),
  };
}
