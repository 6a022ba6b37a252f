import type { Settings } from '../../../shared/contract/settings.js';
import type { Db } from '../data/database.js';
import { dropSettings, hasNoSettings, readSettings, writeSettings } from '../data/settings.js';
import { machineSettingKeys, machineSettingsOf, type MachineSettingsService } from './machine-settings.js';

/** The settings as they are shown: the learner's, and those of the machine. In memory for whoever needs them now. */
export interface SettingsService {
  /** The learner never set anything. */
  readonly isFresh: boolean;
  readonly current: Settings;
  /** Fields that are undefined stay as they are. */
  update(changed: { readonly [Key in keyof Settings]?: Settings[Key] | undefined }): Promise<Settings>;
}

export async function openSettings(
  db: Db,
  machine: MachineSettingsService,
  onChange: () => void,
): Promise<SettingsService> {
  await moveToMachine(db, machine);
  let learners = await readSettings(db);
  let isFresh = await hasNoSettings(db);
  return {
    get isFresh() {
      return isFresh;
    },
    get current() {
      return { ...learners, ...machine.current };
    },
    async update(changed) {
      const given = Object.entries(changed).filter(([, value]) => value !== undefined);
      const [ofMachine, ofLearner] = [given.filter(isMachines), given.filter((entry) => !isMachines(entry))].map(
        (entries) => Object.fromEntries(entries) as Partial<Settings>,
      );
      if (ofMachine && Object.keys(ofMachine).length > 0) await machine.update(ofMachine);
      if (ofLearner && Object.keys(ofLearner).length > 0) {
        await writeSettings(db, ofLearner);
        learners = { ...learners, ...ofLearner };
        isFresh = false;
      }
      onChange();
      return { ...learners, ...machine.current };
    },
  };
}

const isMachines = ([key]: readonly [string, unknown]): boolean =>
  (machineSettingKeys as readonly string[]).includes(key);

/** Profiles held the machine's settings once. Those of the first that is opened become the machine's. */
async function moveToMachine(db: Db, machine: MachineSettingsService): Promise<void> {
  if (machine.isFresh) {
    const former = machineSettingsOf(await readSettings(db));
    if (machineSettingKeys.some((key) => former[key] !== machine.current[key])) await machine.update(former);
  }
  await dropSettings(db, machineSettingKeys);
}
