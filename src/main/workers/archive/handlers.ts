import type { ArchiveMethods } from '../../../shared/worker-contract.js';
import type { WorkerHandlers } from '../serve.js';
import { unpack } from './unpack.js';

/** Unpacks archives, in a process of its own: what strangers packed is read where nothing else can be harmed. */
export function createArchiveHandlers(): WorkerHandlers<ArchiveMethods> {
  return {
    unpack: async ({ archive, folder, limits }, signal) => ({ files: await unpack(archive, folder, limits, signal) }),
  };
}
