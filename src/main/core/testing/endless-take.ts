import { createHarness, memorySecrets, toneBytes } from './harness.js';

/** How much of its recording the process has on disk. */
export interface Recorded {
  readonly topicId: string;
  readonly takeId: string;
  readonly seconds: number;
}

/**
 * A process that records without end, as fast as the disk allows, into the folder it is given: to be killed. It tells
 * its parent of every second that the core has taken.
 */
const folder = process.env.RECORDING_FOLDER;
if (folder === undefined) throw new Error('RECORDING_FOLDER is not set');
const app = await createHarness({ folder, secrets: memorySecrets() });
const { id: topicId } = await app.ask('topic.create', { sceneId: null, theme: 'Takes' });
const { id: takeId } = await app.ask('take.start', { topicId });
for (let sequence = 0; ; sequence += 1) {
  await app.ask('take.append', { takeId, sequence, pcm: toneBytes(1) });
  process.send?.({ topicId, takeId, seconds: sequence + 1 } satisfies Recorded);
}
