import { defaultSettings, settingsSchema, type Settings } from '../../../shared/contract/settings.js';
import { openSettingsFile, type SettingsFile } from '../data/settings-file.js';
import type { Log } from '../ports.js';

/** What is this machine's, whoever uses it: another learner has the same microphone and the same graphics card. */
export const machineSettingKeys = ['computeDevice', 'microphoneId', 'microphoneLabel', 'microphoneRelease'] as const;

export type MachineSettings = Pick<Settings, (typeof machineSettingKeys)[number]>;

const { computeDevice, microphoneId, microphoneLabel, microphoneRelease } = defaultSettings;
const defaults: MachineSettings = { computeDevice, microphoneId, microphoneLabel, microphoneRelease };

// A file of an older app has not all of them in it.
const schema = settingsSchema
  .pick({ computeDevice: true, microphoneId: true, microphoneLabel: true, microphoneRelease: true })
  .extend({
    microphoneLabel: settingsSchema.shape.microphoneLabel.default(microphoneLabel),
    microphoneRelease: settingsSchema.shape.microphoneRelease.default(microphoneRelease),
  });

export type MachineSettingsService = SettingsFile<MachineSettings>;

export const openMachineSettings = (path: string, log: Log): Promise<MachineSettingsService> =>
  openSettingsFile(path, schema, defaults, log);
