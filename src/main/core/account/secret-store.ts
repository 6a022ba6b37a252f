import { createHash } from 'node:crypto';
import type { Log, SecretStore } from '../ports.js';

const service = 'BotChat';

/**
 * On Linux only the Secret Service (GNOME Keyring, KWallet, …) will do: left to itself the package falls back to the
 * kernel's key ring, which forgets everything at the next boot, and does not say so (Brooooooklyn/keyring-node#142).
 */
const options = { linux: { store: 'secret-service' } } as const;

/** A key ring that asks its owner for a password may take for ever; the app does not wait for it. */
const patienceMs = 5000;

interface Kept {
  readonly secret: string;
  readonly where: 'keyring' | 'session';
}

/**
 * Secrets in the operating system's key ring; in memory for this run where there is none.
 * Names are scoped by `userData`: another data folder is another installation.
 *
 * Without a key-ring daemon a write may fail or seem to succeed, so every write is read back before it is believed.
 * What was read once is remembered: the chat key is wanted in every turn.
 */
export function openSecretStore(userData: string, log: Log): SecretStore {
  const known = new Map<string, Kept | null>();
  const scope = createHash('sha256').update(userData).digest('hex').slice(0, 12);
  /** Loaded only now: where its native part cannot be loaded, the app does without a key ring. */
  const entry = async (name: string) => {
    const { AsyncEntry } = await import('@napi-rs/keyring');
    return new AsyncEntry(service, `${scope}/${name}`, options);
  };

  async function find(name: string): Promise<Kept | null> {
    const kept = known.get(name);
    if (kept !== undefined) return kept;
    try {
      const secret = await soon(entry(name).then((found) => found.getPassword()));
      const found: Kept | null = typeof secret === 'string' ? { secret, where: 'keyring' } : null;
      known.set(name, found);
      return found;
    } catch (error) {
      log.warn('key ring cannot be read', { error });
      // One that is merely locked may answer next time; one that is not there never will.
      if (!(error instanceof KeyRingTimeout)) known.set(name, null);
      return null;
    }
  }

  async function writeToKeyRing(name: string, secret: string): Promise<boolean> {
    try {
      await soon(entry(name).then((found) => found.setPassword(secret)));
      return (await soon(entry(name).then((found) => found.getPassword()))) === secret;
    } catch (error) {
      log.warn('key ring cannot be written', { error });
      return false;
    }
  }

  return {
    get: async (name) => (await find(name))?.secret ?? null,

    async set(name, secret) {
      const where = (await writeToKeyRing(name, secret)) ? 'keyring' : 'session';
      known.set(name, { secret, where });
      return where;
    },

    async delete(name) {
      // A failing delete of a secret that is there must be heard of; where there is none, there is nothing to fail.
      if ((await find(name))?.where === 'keyring') await soon(entry(name).then((found) => found.deletePassword()));
      known.set(name, null);
    },

    whereIs: async (name) => (await find(name))?.where ?? 'none',
  };
}

class KeyRingTimeout extends Error {
  override readonly name = 'KeyRingTimeout';
}

/** The promise's outcome, or a rejection when it takes longer than anybody should wait. */
async function soon<T>(promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new KeyRingTimeout(`no answer in ${String(patienceMs)} ms`));
  }, patienceMs);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
