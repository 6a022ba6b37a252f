/** The interface is served from its own scheme, so that it has an origin of its own and never one of `file:`. */
export const appScheme = 'app';
export const appHost = 'botchat';
export const appOrigin = `${appScheme}://${appHost}`;
export const appUrl = `${appOrigin}/`;

/** Whether a URL belongs to the interface. Node gives custom schemes no origin: scheme and host are compared. */
export function isOwnUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === `${appScheme}:` && host === appHost && username === '' && password === '';
}
