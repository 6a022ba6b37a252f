import { randomBytes, timingSafeEqual } from 'node:crypto';

const cookieName = 'botchat';

/**
 * Who may talk to the web host: whoever opened the address it printed. The token in that address works once, and is
 * exchanged for a cookie that lasts as long as the host.
 */
export interface Access {
  /** A new one-time address. */
  openUrl(origin: string): string;
  /** Exchanges an address's token; answers the `Set-Cookie` header, or null for a token that is not (or no more) good. */
  redeem(token: string): string | null;
  hasCookie(cookieHeader: string | undefined): boolean;
}

export function createAccess(): Access {
  const tokens = new Set<string>();
  const session = randomBytes(32).toString('base64url');

  return {
    openUrl(origin) {
      const token = randomBytes(32).toString('base64url');
      tokens.add(token);
      return `${origin}/?token=${token}`;
    },
    redeem: (token) => (tokens.delete(token) ? `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/` : null),
    hasCookie(header) {
      const cookie = header
        ?.split(';')
        .map((each) => each.trim())
        .find((each) => each.startsWith(`${cookieName}=`))
        ?.slice(cookieName.length + 1);
      // As bytes: a letter may be several, and `timingSafeEqual` throws where the lengths differ.
      const [given, ours] = [Buffer.from(cookie ?? ''), Buffer.from(session)];
      return given.byteLength === ours.byteLength && timingSafeEqual(given, ours);
    },
  };
}

/**
 * Whether a request was made to this host by its own page. `Host` must be ours, or a page could reach us under a name
 * that its owner points at 127.0.0.1 (DNS rebinding); `Origin`, where there is one, must be ours, or any page could
 * send requests (and open WebSockets, which no browser stops) in the learner's name.
 */
export function isOwnRequest(
  headers: { readonly host?: string | undefined; readonly origin?: string | undefined },
  port: number,
): boolean {
  const hosts = [`127.0.0.1:${String(port)}`, `localhost:${String(port)}`];
  if (headers.host === undefined || !hosts.includes(headers.host)) return false;
  return headers.origin === undefined || headers.origin === `http://${headers.host}`;
}
