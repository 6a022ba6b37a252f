import { isNearby } from '../../shared/chat-address.js';
import { AppError } from '../../shared/errors.js';
import { proxyAddress } from './proxy-address.js';
import type { SecretStore } from './ports.js';
import { createProxiedFetch, type ProxiedFetch } from './proxied-fetch.js';

/** The network as this machine's user wants it: through a proxy that was set, else as the host reaches it. */
export interface Network {
  /** What is nearby is asked without a proxy: that one would look for `127.0.0.1` on its own machine. */
  readonly fetch: typeof fetch;
  /** The proxy that was set, without its password; null for the system's. */
  readonly proxy: string | null;
  /**
   * Sets a proxy, or none. An address without a password keeps the one that was set for it. Rejects with
   * `models/bad-proxy`, or with a `profile/…` error where it cannot be kept.
   */
  setProxy(address: string | null): Promise<void>;
  close(): Promise<void>;
}

export interface NetworkOptions {
  /** The network as the host reaches it. */
  readonly fetch: typeof fetch;
  /** Keeps the password: settings are a file that anybody may read. */
  readonly secrets: SecretStore;
  readonly settings: {
    readonly current: { readonly proxy: string | null };
    update(changed: { readonly proxy: string | null }): Promise<void>;
  };
}

/** A proxy's password is its own: another one is never sent it. */
const secretName = (proxy: string): string => `machine/proxy-password/${proxy}`;

/** A proxy's address as it is kept and shown. */
function withoutPassword(address: URL): string {
  const shown = new URL(address);
  shown.password = '';
  return shown.href.replace(/\/$/, '');
}

/** The proxy that was set is looked for when it is first needed: a key ring may take its time. */
export function createNetwork({ fetch, secrets, settings }: NetworkOptions): Network {
  let opened: Promise<ProxiedFetch> | null = null;

  async function open(proxy: string): Promise<ProxiedFetch> {
    const address = parsed(proxy);
    if (address.username !== '' && address.password === '')
      address.password = encodeURIComponent((await secrets.get(secretName(withoutPassword(address)))) ?? '');
    return createProxiedFetch(address);
  }

  async function close(): Promise<void> {
    const former = opened;
    opened = null;
    await (await former?.catch(() => null))?.close();
  }

  return {
    async fetch(input, init) {
      const { proxy } = settings.current;
      const url = input instanceof Request ? input.url : String(input);
      if (proxy === null || isNearby(url)) return fetch(input, init);
      opened ??= open(proxy);
      return (await opened).fetch(input, init);
    },

    get proxy() {
      return settings.current.proxy;
    },

    async setProxy(text) {
      const address = text === null ? null : parsed(text);
      const [former, proxy] = [settings.current.proxy, address && withoutPassword(address)];
      if (address !== null && proxy !== null && address.password !== '')
        await secrets.set(secretName(proxy), decodeURIComponent(address.password));
      await settings.update({ proxy });
      if (former !== null && former !== proxy) await secrets.delete(secretName(former));
      await close();
    },

    close,
  };
}

function parsed(text: string): URL {
  const address = proxyAddress(text);
  // It may have a password in it: nothing of it is told.
  if (address === null) throw new AppError('models/bad-proxy');
  return address;
}
