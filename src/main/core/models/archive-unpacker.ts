import { stat } from 'node:fs/promises';
import type { ArchiveMethods, UnpackedFile } from '../../../shared/worker-contract.js';
import type { WorkerProcess } from '../ports.js';
import { createWorkerClient } from '../worker-client.js';

/** An honest archive of models is a few hundred megabytes, and some minutes of work. */
const deadlineMs = 30 * 60_000;

/** How much room an archive may take at most: what no honest one does, whatever is in it. */
const limitsFor = (archiveBytes: number) => ({
  bytes: Math.min(8 * 2 ** 30, 64 * 2 ** 20 + 30 * archiveBytes),
  entries: 5000,
});

/**
 * Unpacks archives, each in a process of its own, to a folder that it makes. Rejects with `models/archive-…`,
 * `models/unknown-file`, the system's own errors, or the signal's reason.
 */
export function createUnpacker(spawn: () => WorkerProcess) {
  return async (archive: string, folder: string, signal: AbortSignal): Promise<readonly UnpackedFile[]> => {
    const { size } = await stat(archive);
    const worker = createWorkerClient<ArchiveMethods>(spawn(), {
      crashed: 'models/archive-damaged',
      timeout: 'models/archive-damaged',
      failed: 'models/archive-damaged',
    });
    try {
      const params = { archive, folder, limits: limitsFor(size) };
      return (await worker.call('unpack', params, { signal, deadlineMs })).files;
    } finally {
      worker.kill();
    }
  };
}
