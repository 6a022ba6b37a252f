/** What people paste around an address: quotes of every script, brackets, sentence marks, and what cannot be seen. */
const around = /^[\s"'`“”‘’「」《》<>()（），。；;,]+|[\s"'`“”‘’「」《》<>()（），。；;,#]+$/gu;
const invisible = /[\p{Cf}\p{Cc}\u{fe00}-\u{fe0f}]/gu;

/** What a base URL has behind it when a single request was copied. */
const requestPath = /\/(?:chat\/completions|completions|models|embeddings|responses)$|(?<=\/v\d+)\/chat$/i;

/** What stands before an address in a line of settings or in a command, and what is twice. */
const addressLabel = /^(?:https?:\/\/)+(?=https?:\/\/)|^[^/]*?(?=https?:\/\/)/i;

/** What stands before a key in a line of settings, in a header or in a shell. */
const keyLabel = /^(?:(?:export|set)\s+)?[a-z_\s-]*(?:key|token|authorization|密钥|令牌)\s*[:=]\s*/i;

/** What is shown in place of a key, or has been copied along with it; no key has it. */
const noKey = /\*{2}|\.{3}|["'`“”<>{}\\]/;

/** Names that only mean something in one's own network. */
const nearbyName = /^localhost$|\.(?:localhost|local|lan|internal|home\.arpa)$|^[^.:]+$/;

/**
 * A chat endpoint's base URL as it is meant: without what was pasted around it, the path of a single request or a
 * trailing slash, and with a scheme. Null where it is none.
 */
export function cleanBaseUrl(pasted: string): string | null {
  const text = addressIn(pasted.normalize('NFKC').replaceAll(invisible, '').trim().replaceAll(around, ''));
  const parts = /^(?:([a-z][a-z0-9+.-]*):)?\/{0,2}([^\s/?#@]+)(\/[^\s?#]*)?(?:[?#]\S*)?$/i.exec(portless(text));
  if (!parts) return null;
  const [, written, host = '', path = ''] = parts;
  const scheme = written?.toLowerCase() ?? (isNearbyHost(hostName(host)) ? 'http' : 'https');
  if (!/^https?$/.test(scheme) || !/^(?:\[[0-9a-f:.]+\]|[\p{L}\p{N}._-]+)(?::\d{1,5})?$/iu.test(host)) return null;
  const base = path
    .replaceAll(/\/{2,}/g, '/')
    .replace(/\/+$/, '')
    .replace(requestPath, '')
    .replace(/\/+$/, '');
  const cleaned = `${scheme}://${reachable(host.toLowerCase())}${base}`;
  // What stood around a part may stand around the whole now.
  return cleaned === text ? cleaned : cleanBaseUrl(cleaned);
}

/** A text without what was copied along with the address in it. */
function addressIn(text: string): string {
  const whole = text.replace(addressLabel, '').replace(/^(https?)(?:\/\/|:\\\\)/i, '$1://');
  // No address has a space in it; words that follow were written about it.
  return /^https?:\/\//i.test(whole) ? whole.replace(/\s[^/]*$/, '').replaceAll('\\', '/') : whole;
}

/** Servers say that they listen on every address; they are asked on one. */
const reachable = (host: string): string => host.replace(/^0\.0\.0\.0(?=:|$)/, '127.0.0.1').replace(/^\[::\]/, '[::1]');

/** `localhost:1234` looks like a scheme of its own. */
const portless = (text: string): string => (/^[^/:]+:\d+(?:[/?#]|$)/.test(text) ? `//${text}` : text);

/** Whether an address lies on this machine or in its own network: such a server may want no key, and no proxy. */
export function isNearby(url: string): boolean {
  const host = /^https?:\/\/([^\s/?#]+)/i.exec(url)?.[1];
  return host !== undefined && isNearbyHost(hostName(host));
}

/** A host without what stands before and behind it. */
const hostName = (host: string): string => host.replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase();

/** Source of the address ranges: RFC 1918, 3927, 4193, 4291, 6598, 6761, 6762. */
function isNearbyHost(host: string): boolean {
  if (host.startsWith('[')) return /^\[(?:::1\]|f[cd]|fe[89ab]|::ffff:(?:7f|a[0-9a-f]{2}:|c0a8:))/i.test(host);
  const [first = NaN, second = NaN] = /^\d+(?:\.\d+){3}$/.test(host) ? host.split('.').map(Number) : [];
  if (Number.isNaN(first)) return nearbyName.test(host);
  return (
    first === 127 ||
    first === 10 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}

/** What is wrong with a pasted key; null where nothing is. */
export type KeyProblem = 'characters' | 'two-keys';

/** A key as it is meant, without what was pasted around it; or what no key has. */
export function cleanKey(pasted: string): { readonly key: string } | { readonly problem: KeyProblem } {
  const text = pasted
    .normalize('NFKC')
    // A line end parts two keys: of all that cannot be seen it alone stays.
    .replaceAll(/[\r\n\t]+/g, ' ')
    .replaceAll(invisible, '')
    .trim()
    .replaceAll(around, '')
    .replace(keyLabel, '')
    .replaceAll(around, '')
    .replace(/^(?:bearer|token)\s+/i, '')
    .replaceAll(around, '');
  if (!/^[\x20-\x7e]+$/.test(text) || noKey.test(text)) return { problem: 'characters' };
  // One after the other, with or without what separates them, or the same one twice.
  return /[\s,;|]|^(sk-.+)\1$/.test(text) ? { problem: 'two-keys' } : { key: text };
}
