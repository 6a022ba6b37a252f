import type { Messages } from './messages.js';

const things = (count: number, one: string): string => `${String(count)} ${one}${count === 1 ? '' : 's'}`;

/** The account and syncing, in English. */
export const enAccount: Messages['account'] = {
  none: 'Not signed in',
  open: (name) => `Account: ${name}`,
  title: 'Account',
  signInTitle: 'Sign in',
  againTitle: (name) => `Sign in again as “${name}”`,
  lead: 'With an account, topics and conversations follow you to every computer. Without one everything works too, and history stays on this computer.',
  againLead: 'This sign-in has ended. Sign in again to go on syncing; what was not uploaded is still on this computer.',

  store: 'Account server',
  connectionString: 'Connection string',
  connectionHint:
    'Whoever runs the account server (a teacher, your company, your family) sends it to you: a long line that begins with botchat://. Paste all of it.',
  test: 'Test connection',
  testing: 'Testing the connection…',
  reached: (host) => `Connected to ${host}`,
  use: (host) => `Use ${host}`,
  change: 'Use another',
  keepStore: (host) => `Keep using ${host}`,

  ways: 'Ways to sign in',
  signIn: 'Sign in',
  register: 'Register',
  recover: 'Reset password',
  name: 'Name',
  nameHint: '2 to 64 characters without spaces. You need it to sign in.',
  password: 'Password',
  newPassword: 'New password',
  oldPassword: 'Current password',
  passwordHint: 'At least 8 characters; a phrase you remember is good.',
  passwordShort: 'The password needs at least 8 characters.',
  repeat: 'Repeat the password',
  repeatWrong: 'The two passwords differ.',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  invitation: 'Invitation code',
  invitationHint: 'This server asks for an invitation code; the administrator has them.',
  recoveryCode: 'Recovery code',
  recoveryHint: 'The five groups of letters and digits you wrote down. Case and spaces do not matter.',
  recoverLead: 'After this all other devices must sign in again, and you get a new recovery code.',
  required: 'This is still empty.',
  signingIn: 'Signing in…',
  registering: 'Registering…',
  recovering: 'Resetting…',
  slowNote: 'The password is encrypted on this computer first, which takes about a second.',

  codeTitle: 'Write down the recovery code',
  codeLead:
    'If you forget your password, only this lets you reset it yourself. It is shown this once: write it down, or keep it somewhere safe.',
  copy: 'Copy',
  copied: 'Copied.',
  copyFailed: 'It could not be copied; it is selected for you, press Ctrl+C.',
  codeKept: 'I have written it down',
  done: 'Done',

  where: (host) => `The account is kept on ${host}`,
  keptInKeyring: 'This computer stays signed in; the session is kept in the system’s key ring.',
  keptForSession:
    'You stay signed in until BotChat closes: this computer has no key ring to use, so nothing was written to disk.',

  devices: 'Signed-in devices',
  thisDevice: 'This one',
  deviceUsed: (time) => `Last used ${time}`,
  deviceSince: (time) => `Signed in ${time}`,
  revoke: 'Remove',
  revokeName: (device) => `Remove “${device}”`,
  revokeHint: 'A removed device needs the password again before it can sync.',
  loadingDevices: 'Loading devices…',

  changePassword: 'Change password',
  changeHint: 'All other devices must then sign in with the new password.',
  changing: 'Changing…',
  changed: (devices) =>
    devices === 0
      ? 'The password was changed.'
      : `The password was changed; ${things(devices, 'other device')} signed out.`,
  oldWrong: 'The current password is not right; enter it again.',

  signOut: 'Sign out',
  signingOut: 'Signing out…',
  signOutHint: 'This account’s topics and conversations are then hidden on this computer until you sign in again.',
  signOutPending: (changes) =>
    `Not uploaded yet: ${things(changes, 'change')}. They wait on this computer until you sign in here again.`,
  other: 'Sign out and use another account',

  remove: 'Delete account',
  removeHint:
    'This computer forgets the account at once, recordings included. The server deletes its topics and conversations after 7 days; sign in before then to keep them.',
  removeStart: 'Delete account…',
  removeName: (name) => `Type the account name “${name}” to confirm`,
  removeNext: 'Continue',
  removePassword: 'Enter the password to delete the account',
  removeConfirm: 'Delete account',
  removing: 'Deleting…',
  removedTitle: 'Signed out, waiting to be deleted',
  removed: (time) =>
    `This computer has forgotten the account. The server deletes its topics and conversations for good on ${time}; sign in before then and they are back.`,

  offer: (topics, name) => `Take ${things(topics, 'topic')} of this computer into the account “${name}”?`,
  offerHint: 'Every computer signed in to the account can see them then.',
  take: 'Take along',
  taking: 'Taking along…',
  leave: 'Leave here',
  taken: (topics) => `Taken into the account: ${things(topics, 'topic')}.`,
  topicGone: (theme) => `“${theme}” was deleted on another device.`,
};

/** What the chip at the foot of the topics says, and the page behind it, in English. */
export const enSync: Messages['sync'] = {
  title: 'Sync',
  states: {
    local: 'Local',
    synced: 'Synced',
    pending: 'To upload',
    syncing: 'Syncing',
    offline: 'Offline',
    'signed-out': 'Sign in again',
  },
  pendingCount: (changes) => `${String(changes)} to upload`,
  open: (label) => `Sync: ${label}`,
  meanings: {
    local: 'Nobody is signed in; history stays on this computer.',
    synced: 'The server has everything, so you can go on from any other computer.',
    pending: 'Some changes are not uploaded yet. They go by themselves; no need to wait.',
    syncing: 'Comparing with the server. You can go on as usual.',
    offline: 'The account server cannot be reached now. Everything works as usual and is uploaded once it is back.',
    'signed-out':
      'This sign-in has ended; sign in again to go on syncing. What was not uploaded is still on this computer.',
  },
  pending: 'To upload',
  refused: 'Not taken by the server',
  refusedHint: 'These changes stay on this computer; everything else is synced as usual.',
  setAside: 'Could not be read',
  setAsideHint:
    'These records of the server make no sense and were set aside; everything else is synced as usual. Tell the administrator.',
  count: (changes) => things(changes, 'change'),
  lastTime: 'Last synced',
  never: 'Not yet',
  lastError: 'Why the last try failed',
  now: 'Sync now',
  running: 'Syncing…',
  account: 'Account',
  signIn: 'Sign in',
  signInAgain: 'Sign in again',
};
