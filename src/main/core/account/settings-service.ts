import type { Settings } from '../../../shared/contract/settings.js';
import type { Db } from '../data/database.js';
import { hasNoSettings, readSettings, writeSettings } from '../data/settings.js';

/** The learner's settings, in memory for whoever needs them now and in the profile for the next start. */
export interface SettingsService {
  /** Nothing was ever set. */
  readonly isFresh: boolean;
  readonly current: Settings;
  /** Fields that are undefined stay as they are. */
  update(changed: { readonly [Key in keyof Settings]?: Settings[Key] | undefined }): Promise<Settings>;
}

export async function openSettings(db: Db, onChange: () => void): Promise<SettingsService> {
  let current = await readSettings(db);
  let isFresh = await hasNoSettings(db);
  return {
    get isFresh() {
      return isFresh;
    },
    get current() {
      return current;
    },
    async update(changed) {
      const given = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
      await writeSettings(db, given);
      current = { ...current, ...given };
      isFresh = false;
      onChange();
      return current;
    },
  };
}
