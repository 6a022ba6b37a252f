import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Whether this process may set up a file system: tests that need one say so where they are skipped. */
export const maySetUpDisks = process.platform === 'linux' && process.getuid?.() === 0;

/** Sets up a file system of its own at `path`, with room for so many bytes. Answers the function that takes it away. */
export function setUpDisk(path: string, bytes: number): () => void {
  mkdirSync(path, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(bytes)}`, 'botchat-test', path]);
  // Lazily: a log that was opened there is never closed.
  return () => {
    execFileSync('umount', ['--lazy', path]);
  };
}
