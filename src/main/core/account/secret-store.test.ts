import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const module = resolve(import.meta.dirname, 'secret-store.ts');

/** Runs a few lines with a store of its own process, since a session's key ring is found through its environment. */
function withStore(lines: string, { keyRing, home }: { readonly keyRing: boolean; readonly home: string }): unknown {
  const script = join(home, 'script.mts');
  writeFileSync(
    script,
    `import { openSecretStore } from ${JSON.stringify(pathToFileURL(module).href)};
     const log = { info() {}, warn() {}, error() {} };
     const store = openSecretStore('/data', log);
     const other = openSecretStore('/other', log);
     console.log(JSON.stringify(await (async () => { ${lines} })()));`,
  );
  const { DBUS_SESSION_BUS_ADDRESS: _, ...env } = process.env;
  const node = [process.execPath, '--no-warnings', script];
  const command = keyRing
    ? [
        'dbus-run-session',
        '--',
        'sh',
        '-c',
        'echo password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$@"',
        'sh',
        ...node,
      ]
    : ['env', 'DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent', ...node];
  const output = execFileSync(command[0] ?? '', command.slice(1), {
    env: { ...env, HOME: home, XDG_DATA_HOME: home },
    encoding: 'utf8',
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

function inHome<T>(run: (home: string) => T): T {
  const home = mkdtempSync(join(tmpdir(), 'botchat-home-'));
  try {
    return run(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const hasKeyRing = existsSync('/usr/bin/gnome-keyring-daemon') && existsSync('/usr/bin/dbus-run-session');

describe('secrets', () => {
  it('without a key ring live as long as the session, and that is known', () => {
    const seen = inHome((home) =>
      withStore(
        `const before = await store.whereIs('k');
         const kept = await store.set('k', 'sk-canary');
         const now = [await store.whereIs('k'), await store.get('k'), await other.get('k')];
         await store.delete('k');
         return [before, kept, ...now, await store.get('k')];`,
        { keyRing: false, home },
      ),
    );
    expect(seen).toEqual(['none', 'session', 'session', 'sk-canary', null, null]);
  });

  it.skipIf(!hasKeyRing)('with a key ring outlive the process, in no file as they are', () => {
    inHome((home) => {
      expect(
        withStore(`return [await store.set('k', 'sk-canary'), await store.whereIs('k')];`, { keyRing: true, home }),
      ).toEqual(['keyring', 'keyring']);
      for (const name of readdirSync(home, { recursive: true, encoding: 'utf8' })) {
        const file = join(home, name);
        if (statSync(file).isFile() && name !== 'script.mts')
          expect(readFileSync(file, 'latin1')).not.toContain('sk-canary');
      }
      expect(
        withStore(
          `const found = await store.get('k'); await store.delete('k'); return [found, await other.get('k'), await store.whereIs('k')];`,
          {
            keyRing: true,
            home,
          },
        ),
      ).toEqual(['sk-canary', null, 'none']);
    });
  });
});
