import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** The app as it is built, in a folder of its own, with another catalogue of models. */
export function appRootWithCatalogue(catalogue: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'botchat app '));
  mkdirSync(join(folder, 'out'));
  // The host finds everything from where its own file is.
  cpSync(join(root, 'out/main'), join(folder, 'out/main'), { recursive: true });
  for (const name of ['out/renderer', 'node_modules', 'native', 'package.json']) {
    symlinkSync(join(root, name), join(folder, name));
  }
  mkdirSync(join(folder, 'resources'));
  for (const name of readdirSync(join(root, 'resources'))) {
    if (name !== 'catalogue.json') symlinkSync(join(root, 'resources', name), join(folder, 'resources', name));
  }
  writeFileSync(join(folder, 'resources/catalogue.json'), JSON.stringify(catalogue));
  return folder;
}
