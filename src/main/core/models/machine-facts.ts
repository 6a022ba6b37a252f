import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import type { ComputeDevice } from '../../../shared/worker-contract.js';
import type { MachineFacts } from './recommend.js';

/** What this machine is. `device`: what the recogniser really runs on; its memory is not known. */
export async function readMachineFacts(folder: string, device: ComputeDevice | null): Promise<MachineFacts> {
  const disk = await statfs(folder).catch(() => null);
  return {
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    gpu: device === null || device.kind === 'cpu' ? null : { memoryBytes: null },
    freeBytes: disk === null ? null : disk.bavail * disk.bsize,
  };
}
