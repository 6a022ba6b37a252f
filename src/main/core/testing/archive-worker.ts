import { createArchiveHandlers } from '../../workers/archive/handlers.js';
import { serve } from '../../workers/serve.js';
import type { WorkerProcess } from '../ports.js';
import { inProcessWorker } from './harness.js';

/** The real worker that unpacks archives, in this process. */
export const spawnArchiveWorker = (): WorkerProcess =>
  inProcessWorker((port) => {
    serve(createArchiveHandlers(), port);
  });
