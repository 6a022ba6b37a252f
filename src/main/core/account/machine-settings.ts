import { readFile } from 'node:fs/promises';
import { defaultSettings, settingsSchema, type Settings } from '../../../shared/contract/settings.js';
import { writeWholeFile } from '../data/whole-file.js';
import type { Log } from '../ports.js';

/** What is this machine's, whoever uses it: another learner has the same microphone and the same graphics card. */
export const machineSettingKeys = ['computeDevice', 'microphoneId'] as const;

export type MachineSettings = Pick<Settings, (typeof machineSettingKeys)[number]>;

const schema = settingsSchema.pick({ computeDevice: true, microphoneId: true });

const { computeDevice, microphoneId } = defaultSettings;
const defaults: MachineSettings = { computeDevice, microphoneId };

/** The machine's settings, in memory for whoever needs them now and in a file for the next start. */
export interface MachineSettingsService {
  /** Nothing was ever set. */
  readonly isFresh: boolean;
  readonly current: MachineSettings;
  /** Rejects with a `profile/…` error where they cannot be written; then nothing is changed. */
  update(changed: Partial<MachineSettings>): Promise<void>;
}

/** Reads the file; one that is not there, or is damaged, has set nothing. */
export async function openMachineSettings(path: string, log: Log): Promise<MachineSettingsService> {
  let current = await read(path, log);
  let last: Promise<unknown> = Promise.resolve();

  async function write(changed: Partial<MachineSettings>): Promise<void> {
    const next = { ...defaults, ...current, ...changed };
    await writeWholeFile(path, JSON.stringify(next, null, 2));
    current = next;
  }

  return {
    get isFresh() {
      return current === null;
    },
    get current() {
      return current ?? defaults;
    },
    update(changed) {
      // One write follows the other.
      const written = last.then(() => write(changed));
      last = written.catch(() => undefined);
      return written;
    },
  };
}

async function read(path: string, log: Log): Promise<MachineSettings | null> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      log.warn('settings of the machine cannot be read', { error });
    return null;
  }
}
