import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findVcRuntime } from '../../scripts/windows/vc-runtime.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'visual studio '));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const all = ['msvcp140.dll', 'vcruntime140.dll', 'vcruntime140_1.dll'];

/** As Visual Studio has it: VC/Redist/MSVC/VERSION/x64/Microsoft.VC143.CRT. */
function install(version: string, names: readonly string[] = all): string {
  const folder = join(root, 'VC', 'Redist', 'MSVC', version, 'x64', 'Microsoft.VC143.CRT');
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(folder, '..', 'Microsoft.VC143.OpenMP'), { recursive: true });
  for (const name of names) writeFileSync(join(folder, name), '');
  return folder;
}

it('is found in the newest installation that has all of it', () => {
  install('14.9.1');
  const newest = install('14.44.35112');
  install('14.50.1', ['msvcp140.dll']);
  mkdirSync(join(root, 'VC', 'Redist', 'MSVC', 'v143'), { recursive: true });
  expect(findVcRuntime({}, () => root)).toBe(newest);
});

it('is found where a developer prompt says', () => {
  const folder = install('14.44.35112');
  const VCToolsRedistDir = join(root, 'VC', 'Redist', 'MSVC', '14.44.35112');
  expect(findVcRuntime({ VCToolsRedistDir }, () => null)).toBe(folder);
});

it.each([null, '/nowhere'])('says what to install where there is none: %s', (installation) => {
  expect(() => findVcRuntime({}, () => installation)).toThrow(/Build Tools/);
});
