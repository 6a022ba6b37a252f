import { settingsSchema, type Settings } from '../../../shared/contract/settings.js';
import type { Db } from './database.js';

export const defaultSettings: Settings = {
  interfaceLanguage: 'system',
  theme: 'system',
  textScalePercent: 100,
  talkMode: 'hold',
  spokenLanguage: 'auto',
  microphoneId: null,
  chatBaseUrl: '',
  chatModel: '',
};

/** The stored settings over the defaults. A value that an older or newer app left and this one refuses is ignored. */
export async function readSettings(db: Db): Promise<Settings> {
  const rows = await db.selectFrom('setting').selectAll().execute();
  const stored = Object.fromEntries(
    rows.flatMap(({ key, value }) => {
      const field = Object.hasOwn(settingsSchema.shape, key) ? settingsSchema.shape[key as keyof Settings] : undefined;
      const parsed = field?.safeParse(JSON.parse(value));
      return parsed?.success ? [[key, parsed.data]] : [];
    }),
  ) as Partial<Settings>;
  return { ...defaultSettings, ...stored };
}

export async function writeSettings(db: Db, changed: Partial<Settings>): Promise<void> {
  const rows = Object.entries(changed).map(([key, value]) => ({ key, value: JSON.stringify(value) }));
  if (rows.length === 0) return;
  await db
    .insertInto('setting')
    .values(rows)
    .onConflict((conflict) => conflict.column('key').doUpdateSet((each) => ({ value: each.ref('excluded.value') })))
    .execute();
}

/** Whether nothing was ever set in this profile. */
export async function hasNoSettings(db: Db): Promise<boolean> {
  return (await db.selectFrom('setting').select('key').limit(1).executeTakeFirst()) === undefined;
}
