import { defaultSettings, settingsSchema, type Settings } from '../../../shared/contract/settings.js';
import { openSettingsFile, type SettingsFile } from '../data/settings-file.js';
import type { Log } from '../ports.js';

/** What is this machine's, whoever uses it: another learner has the same microphone and the same graphics card. */
export const machineSettingKeys = ['computeDevice', 'microphoneId', 'microphoneLabel', 'microphoneRelease'] as const;

export type MachineSettings = Pick<Settings, (typeof machineSettingKeys)[number]>;

/** The machine's part of all settings. */
export function machineSettingsOf(settings: Settings): MachineSettings {
  const { computeDevice, microphoneId, microphoneLabel, microphoneRelease } = settings;
  return { computeDevice, microphoneId, microphoneLabel, microphoneRelease };
}

const defaults = machineSettingsOf(defaultSettings);

// A file of an older app has not all of them in it.
const schema = settingsSchema
  .pick({ computeDevice: true, microphoneId: true, microphoneLabel: true, microphoneRelease: true })
  .extend({
    microphoneLabel: settingsSchema.shape.microphoneLabel.default(defaults.microphoneLabel),
    microphoneRelease: settingsSchema.shape.microphoneRelease.default(defaults.microphoneRelease),
  });

export type MachineSettingsService = SettingsFile<MachineSettings>;

export const openMachineSettings = (path: string, log: Log): Promise<MachineSettingsService> =>
  openSettingsFile(path, schema, defaults, log);
