import { execFile } from 'node:child_process';
import { expect, it } from 'vitest';

/** What the admin command says to an admin URL, without a server. */
function say(...args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/account-store.mjs', ...args], (_error, stdout, stderr) => {
      resolve(stdout + stderr);
    });
  });
}

it.each([
  ['mysql://root:100%@localhost/botchat', '%25'],
  ['mysql://ro%ot@localhost/botchat', '%25'],
  ['mysql://root:a@b:c@localhost/botchat', 'Cannot sign in'],
  ['mysql://root@localhost/%', '%25'],
  ['root@localhost', 'That is no URL'],
])('an admin URL that cannot be read, %s, is answered in a sentence', async (url, words) => {
  const said = await say('status', url);
  expect(said).toContain(words);
  expect(said).not.toMatch(/\n\s+at |URIError/);
});
