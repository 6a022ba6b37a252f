import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const addonFile = path.join(import.meta.dirname, 'build/botchat_whisper.node');
const modelPath = path.join(root, 'resources/demo/micro-whisper.bin');
const scratch = mkdtempSync(path.join(tmpdir(), 'botchat-memory-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

// Every malloc of an Electron process is Chromium's, which ends the process at blocks above 2 GiB. A model for which
// the addon asks for so much takes long to make: this allocator is stricter, and ends the process at 256 MiB.
it.runIf(process.platform === 'linux')('a model loads where malloc ends the process at large blocks', () => {
  const source = path.join(scratch, 'strict-malloc.c');
  const library = path.join(scratch, 'strict-malloc.so');
  writeFileSync(
    source,
    `#include <stdlib.h>
    extern void *__libc_malloc(size_t);
    void *malloc(size_t size) { if (size >= 256u << 20) abort(); return __libc_malloc(size); }`,
  );
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source]);
  const load = `require(${JSON.stringify(addonFile)}).load({ modelPath: ${JSON.stringify(modelPath)} })`;
  const env = { ...process.env, LD_PRELOAD: library };
  expect(execFileSync(process.execPath, ['-e', `${load}.then(() => console.log('loaded'))`], { env }).toString()).toBe(
    'loaded\n',
  );
});
