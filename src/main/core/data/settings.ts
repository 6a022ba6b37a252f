import { defaultSettings, settingsSchema, type Settings } from '../../../shared/contract/settings.js';
import type { Db } from './database.js';

/** Learned, not set: beside the settings, and none of them. */
const pausesKey = 'pauses';

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

/** Forgets settings that are kept elsewhere by now. */
export async function dropSettings(db: Db, keys: readonly (keyof Settings)[]): Promise<void> {
  await db.deleteFrom('setting').where('key', 'in', keys).execute();
}

/** The pauses this learner makes while speaking (see `turn/pause-allowance`), newest last, ms. */
export async function readPauses(db: Db): Promise<readonly number[]> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', pausesKey).executeTakeFirst();
  return row ? (JSON.parse(row.value) as number[]) : [];
}

export async function writePauses(db: Db, pausesMs: readonly number[]): Promise<void> {
  const row = { key: pausesKey, value: JSON.stringify(pausesMs) };
  await db
    .insertInto('setting')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: row.value }))
    .execute();
}

/** Whether nothing was ever set in this profile. */
export async function hasNoSettings(db: Db): Promise<boolean> {
  const row = await db.selectFrom('setting').select('key').where('key', '!=', pausesKey).limit(1).executeTakeFirst();
  return row === undefined;
}
