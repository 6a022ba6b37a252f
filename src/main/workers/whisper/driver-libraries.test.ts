import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missingDriverLibrary } from './driver-libraries.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'botchat-driver-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A shared library that wants another one, which is not there any more. */
function buildDriver(wanted: string): string {
  const [source, needed, driver] = [join(folder, 'x.c'), join(folder, wanted), join(folder, 'libdriver.so')];
  writeFileSync(source, 'int x(void) { return 1; }');
  execFileSync('cc', ['-shared', '-fPIC', `-Wl,-soname,${wanted}`, '-o', needed, source]);
  execFileSync('cc', ['-shared', '-fPIC', '-Wl,--no-as-needed', '-o', driver, source, needed]);
  rmSync(needed);
  return driver;
}
const install = (library: string, name = 'driver.json') => {
  writeFileSync(join(folder, name), JSON.stringify({ ICD: { library_path: library } }));
};

// Elsewhere drivers bring along what they need.
describe.runIf(process.platform === 'linux')('a Vulkan driver', () => {
  it('that wants a library that the system lacks: it is named', () => {
    install(buildDriver('libX11-of-nobody.so.6'));
    expect(missingDriverLibrary(['/nonexistent', folder])).toBe('libX11-of-nobody.so.6');
  });

  it('that is not there itself is not installed, and one that loads wants nothing', () => {
    install('libdriver-of-nobody.so.0');
    install('libc.so.6', 'other.json');
    writeFileSync(join(folder, 'damaged.json'), '{');
    expect(missingDriverLibrary([folder])).toBeNull();
  });
});
