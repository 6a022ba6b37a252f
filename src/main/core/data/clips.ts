import type { Db } from './database.js';
import type { ClipTable } from './schema.js';

/** Notes a sound file. A clip that is noted already stays as it is: its name is its content. */
export async function insertClip(db: Db, clip: ClipTable): Promise<void> {
  await db
    .insertInto('clip')
    .values(clip)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Notes when the words of a clip are said (JSON of `ClipWord`s). */
export async function updateClipWords(db: Db, hash: string, words: string): Promise<void> {
  await db.updateTable('clip').set({ words }).where('hash', '=', hash).execute();
}

/** Forgets those of `hashes` that no turn uses any more, and answers them: their files may go. */
export async function forgetUnusedClips(db: Db, hashes: readonly string[]): Promise<readonly string[]> {
  const unused: string[] = [];
  for (const hash of new Set(hashes)) {
    const user = await db
      .selectFrom('conversation')
      .select('id')
      .where((each) =>
        each.or([each('prompt_clip', '=', hash), each('bridge_clip', '=', hash), each('response_clip', '=', hash)]),
      )
      .executeTakeFirst();
    if (user) continue;
    await db.deleteFrom('clip').where('hash', '=', hash).execute();
    unused.push(hash);
  }
  return unused;
}
