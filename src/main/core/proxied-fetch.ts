import { getCACertificates } from 'node:tls';
import { fetch as undiciFetch, ProxyAgent } from 'undici';

/** Why a proxy did not do what was asked of it. Its code names the proxy, whoever asks: a chat or a download. */
export class ProxyError extends Error {
  readonly code = 'ERR_PROXY';
}

/** undici's own types and Node's are of two releases, and mean the same. */
const fetchBy = undiciFetch as unknown as (
  url: string | URL,
  init: Omit<RequestInit, 'dispatcher'> & { readonly dispatcher: ProxyAgent },
) => Promise<Response>;

/** The network through a proxy of one's own. */
export interface ProxiedFetch {
  /** Rejects with a `ProxyError` where it is the proxy that fails. Takes addresses only, no `Request`. */
  readonly fetch: typeof fetch;
  /** Ends its connections. */
  close(): Promise<void>;
}

/**
 * Node's own way through a proxy, the same in both hosts: Electron's network asks for no name and password of a proxy
 * unless a window does. It trusts the system's certificates, since a school's proxy may have its own.
 */
export function createProxiedFetch(proxy: URL): ProxiedFetch {
  const { username, password } = proxy;
  const address = new URL(proxy);
  address.username = '';
  address.password = '';
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const ca = [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  const agent = new ProxyAgent({
    uri: address.href,
    ...(username === '' ? {} : { token: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    // Many proxies open no tunnel to port 80: what is not encrypted is asked of the proxy itself.
    proxyTunnel: false,
    proxyTls: { ca },
    requestTls: { ca },
  });

  async function fetchThrough(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const url = input instanceof Request ? input.url : input;
    const response = await fetchBy(url, { ...init, dispatcher: agent }).catch((error: unknown) => {
      throw proxyFailure(error, address.host) ?? error;
    });
    if (response.status !== 407) return response;
    await response.body?.cancel().catch(() => undefined);
    throw new ProxyError(wantsPassword(address.host));
  }

  return { fetch: fetchThrough, close: () => agent.destroy() };
}

const wantsPassword = (host: string): string => `the proxy ${host} does not accept this name and password (407)`;

/** What an error says of the proxy; null where it says nothing of it. */
function proxyFailure(error: unknown, host: string): ProxyError | null {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code, syscall } = each as NodeJS.ErrnoException;
    const [, status] =
      /Proxy response \((\d+)\)/.exec(each.message) ??
      /Proxy Authentication Required \((407)\)/.exec(each.message) ??
      [];
    if (status === '407') return new ProxyError(wantsPassword(host), { cause: error });
    if (status !== undefined)
      return new ProxyError(`the proxy ${host} opens no way there (${status})`, { cause: error });
    // All connections are to the proxy: it alone can refuse one, or have a name that is not known.
    if (syscall === 'connect' || syscall === 'getaddrinfo' || code === 'UND_ERR_CONNECT_TIMEOUT')
      return new ProxyError(`the proxy ${host} cannot be reached (${String(code)})`, { cause: error });
  }
  return null;
}
