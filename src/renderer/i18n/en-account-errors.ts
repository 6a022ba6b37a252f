import type { AccountErrorCode, ErrorWords } from './error-words.js';

/** The English words for what goes wrong with accounts and syncing. */
export const enAccountErrors: Readonly<Record<AccountErrorCode, ErrorWords>> = {
  'account/bad-connection-string': {
    what: 'This does not look like a connection string.',
    next: 'It begins with botchat://; copy all of it from the message you were sent.',
  },
  'account/connection-string-damaged': {
    what: 'The connection string is not whole, or was changed.',
    next: 'Copy it again from beginning to end, or ask the administrator to send it again.',
  },
  'account/host-unknown': {
    what: 'The account server’s address cannot be found.',
    next: 'Check your network; if that is fine, ask the administrator to check the address in the connection string.',
  },
  'account/unreachable': {
    what: 'The account server cannot be reached.',
    next: 'Check your network; if other sites work, the server may be off or behind a firewall: ask the administrator.',
  },
  'account/no-tls': {
    what: 'This server has no encryption, so nothing was sent to it.',
    next: 'Ask the administrator to turn on TLS on the server.',
  },
  'account/untrusted': {
    what: 'The server could not prove who it is: its certificate is not trusted, so nothing was sent.',
    next: 'Ask the administrator for a new connection string; on a public network, try another network.',
  },
  'account/wrong-host': {
    what: 'The certificate is for another server, so nothing was sent.',
    next: 'Ask the administrator for a new connection string; on a public network, try another network.',
  },
  'account/certificate-expired': {
    what: 'The server’s certificate is not valid today.',
    next: 'Check the date of this computer; if it is right, ask the administrator to renew the certificate.',
  },
  'account/refused': {
    what: 'The server does not accept this connection string.',
    next: 'It may have been replaced: ask the administrator for the new one.',
  },
  'account/not-a-store': {
    what: 'The server was reached, but has no BotChat account store.',
    next: 'Ask the administrator to run account-store init on it, or use another connection string.',
  },
  'account/store-too-old': {
    what: 'The account store on the server is too old for this BotChat.',
    next: 'Ask the administrator to run account-store upgrade.',
  },
  'account/store-too-new': {
    what: 'The server is newer than this BotChat.',
    next: 'Update BotChat, then connect again.',
  },
  'account/busy': { what: 'The server is too busy right now.', next: 'Try again in a while.' },
  'account/server-full': {
    what: 'The server has no free connection.',
    next: 'Try again in a while; if it keeps happening, ask the administrator to raise max_connections.',
  },
  'account/sign-in-method': {
    what: 'The server asks for a way to sign in that BotChat does not know.',
    next: 'Ask the administrator to run account-store upgrade, which sets the apps’ account up anew.',
  },
  'account/read-only': {
    what: 'The server is being maintained: it can be read, but nothing can be saved.',
    next: 'Changes wait on this computer; try again in a while.',
  },
  'account/store-failed': {
    what: 'The account server had a failure.',
    next: 'Try again in a while; if it keeps happening, tell the administrator.',
  },
  'account/store-unsteady': {
    what: 'The account server contradicts itself, so BotChat has stopped syncing with it.',
    next: 'Nothing on this computer is lost. Tell the administrator; “Sync now” tries again.',
  },
  'account/other-account': {
    what: 'The server answered for another account than the one that is signed in here.',
    next: 'Sign out first; if the name is yours, ask the administrator what happened to it.',
  },
  'account/session-ended': {
    what: 'This sign-in has ended: the password was changed, or this device was removed, on another one.',
    next: 'Sign in again; what was not uploaded is still here.',
  },
  'account/bad-input': {
    what: 'The server does not accept what was entered.',
    next: 'Check it, change it and try again.',
  },
  'account/wrong-login': {
    what: 'The name and the password (or recovery code) do not match.',
    next: 'Check them and try again; a forgotten password can be reset with the recovery code.',
  },
  'account/throttled': {
    what: 'There were many tries, so the server asks you to wait.',
    next: 'Try again in a while, at most 15 minutes; devices that are signed in are not affected.',
  },
  'account/name-taken': {
    what: 'Somebody has this name already.',
    next: 'Choose another one; if the account is yours, sign in instead.',
  },
  'account/bad-name': {
    what: 'This name cannot be used.',
    next: 'Use 2 to 64 letters, digits or Chinese characters, without spaces.',
  },
  'account/bad-invitation': {
    what: 'This invitation code does not work: it may be mistyped, used or expired.',
    next: 'Check it, or ask the administrator for a new one.',
  },
  'account/registrations-paused': {
    what: 'This server takes no new accounts for now.',
    next: 'Try again later or ask the administrator; existing accounts can sign in as usual.',
  },
  'account/not-signed-in': { what: 'Nobody is signed in.', next: 'Sign in first, then try again.' },

  'sync/batch-too-large': {
    what: 'Too much was uploaded at once, and the server did not take it.',
    next: 'BotChat sends it again in smaller parts by itself.',
  },
  'sync/malformed': {
    what: 'The server could not read some changes and did not take them.',
    next: 'They are still on this computer; update BotChat, or tell the administrator.',
  },
  'sync/too-large': {
    what: 'Something is too long for the server, which did not take it.',
    next: 'It stays on this computer; everything else is synced as usual.',
  },
  'sync/full': {
    what: 'The account’s space on the server is full.',
    next: 'Delete topics you no longer need, or ask the administrator for more; new things wait on this computer.',
  },
};
