import { createHash } from 'node:crypto';
import { AsyncEntry } from '@napi-rs/keyring';
import type { Log, SecretStore } from '../ports.js';

const service = 'BotChat';

/**
 * Secrets in the operating system's key ring; in memory for this run where there is none.
 * Names are scoped by `userData`: another data folder is another installation.
 *
 * Without a key-ring daemon a write may fail or seem to succeed (measured: design/architecture.md), so every write
 * is read back before it is believed.
 */
export function openSecretStore(userData: string, log: Log): SecretStore {
  const session = new Map<string, string>();
  const scope = createHash('sha256').update(userData).digest('hex').slice(0, 12);
  const entry = (name: string) => new AsyncEntry(service, `${scope}/${name}`);

  const readKeyring = async (name: string): Promise<string | null> => {
    try {
      return (await entry(name).getPassword()) ?? null;
    } catch (error) {
      log.warn('key ring cannot be read', { error });
      return null;
    }
  };

  const writeKeyring = async (name: string, secret: string): Promise<boolean> => {
    try {
      await entry(name).setPassword(secret);
      return (await readKeyring(name)) === secret;
    } catch (error) {
      log.warn('key ring cannot be written', { error });
      return false;
    }
  };

  return {
    get: async (name) => session.get(name) ?? (await readKeyring(name)),

    async set(name, secret) {
      if (await writeKeyring(name, secret)) {
        session.delete(name);
        return 'keyring';
      }
      session.set(name, secret);
      return 'session';
    },

    async delete(name) {
      session.delete(name);
      // Nothing to delete where nothing can be read; a failing delete of a secret that is there must be heard of.
      if ((await readKeyring(name)) !== null) await entry(name).deletePassword();
    },

    async whereIs(name) {
      if (session.has(name)) return 'session';
      return (await readKeyring(name)) === null ? 'none' : 'keyring';
    },
  };
}
