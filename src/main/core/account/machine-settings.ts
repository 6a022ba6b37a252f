import { defaultSettings, settingsSchema, type Settings } from '../../../shared/contract/settings.js';
import { openSettingsFile, type SettingsFile } from '../data/settings-file.js';
import type { Log } from '../ports.js';

/** What is this machine's, whoever uses it: another learner has the same microphone and the same graphics card. */
export const machineSettingKeys = ['computeDevice', 'microphoneId', 'microphoneLabel'] as const;

export type MachineSettings = Pick<Settings, (typeof machineSettingKeys)[number]>;

// A file of an older app has no name in it.
const schema = settingsSchema
  .pick({ computeDevice: true, microphoneId: true, microphoneLabel: true })
  .extend({ microphoneLabel: settingsSchema.shape.microphoneLabel.default(null) });

const { computeDevice, microphoneId, microphoneLabel } = defaultSettings;
const defaults: MachineSettings = { computeDevice, microphoneId, microphoneLabel };

export type MachineSettingsService = SettingsFile<MachineSettings>;

export const openMachineSettings = (path: string, log: Log): Promise<MachineSettingsService> =>
  openSettingsFile(path, schema, defaults, log);
