import type { RecogniserModel, VoiceModel } from '../../../shared/models.js';

const facts = { demo: false, sha256: '0'.repeat(64), bytes: 1 } as const;

/** A recogniser for a test, of which only the path matters. */
export const recogniserModel = (path: string, rest: Partial<RecogniserModel> = {}): RecogniserModel => ({
  kind: 'recogniser',
  ...facts,
  id: path,
  name: path,
  path,
  multilingual: true,
  quantisation: 'f16',
  ...rest,
});

/** A voice for a test, of which only the files matter. */
export const voiceModel = (files: VoiceModel['files'], rest: Partial<VoiceModel> = {}): VoiceModel => ({
  kind: 'voice',
  ...facts,
  id: files.model,
  name: files.model,
  files,
  speakers: 1,
  ...rest,
});
