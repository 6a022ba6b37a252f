import { net, session } from 'electron';
import { isNearby } from '../../shared/chat-address.js';

/** A session that nothing is kept of; its name without `persist:` makes it so. */
const directPartition = 'direct';

/**
 * Electron's own network, which goes through the system's proxy and trusts the system's certificates. What lies on this
 * machine or in its network is asked without the proxy: that one would look for `127.0.0.1` on its own machine.
 * Chromium by itself spares the loopback only, and not where a proxy is configured for it, too.
 */
export function createElectronFetch(): typeof fetch {
  let direct: Promise<(url: string, init?: RequestInit) => Promise<Response>> | null = null;

  async function openDirect() {
    const opened = session.fromPartition(directPartition);
    await opened.setProxy({ mode: 'direct' });
    return (url: string, init?: RequestInit) => opened.fetch(url, init);
  }

  return async (input, init) => {
    // Electron takes no URL.
    const request = input instanceof URL ? input.href : input;
    const url = typeof request === 'string' ? request : request.url;
    if (typeof request !== 'string' || !isNearby(url)) return net.fetch(request, init);
    direct ??= openDirect();
    return (await direct)(request, init);
  };
}
