import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Why this process may set up no file system, for tests that need one; null where it may. */
export const noDisks = process.platform === 'linux' && process.getuid?.() === 0 ? null : 'only root on Linux may mount';

/** Sets up a file system of its own at `path`, with room for so many bytes. Answers the function that takes it away. */
export function setUpDisk(path: string, bytes: number): () => void {
  mkdirSync(path, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(bytes)}`, 'botchat-test', path]);
  // Lazily: a log that was opened there is never closed.
  return () => {
    execFileSync('umount', ['--lazy', path]);
  };
}
