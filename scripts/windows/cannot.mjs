/**
 * Tests that do not hold under wine, with the reason. One that is listed here and passes all the same is a failure, so
 * that the list stays true.
 *
 * @type {readonly { file: RegExp, name: RegExp, reason: string }[]}
 */
export const cannotUnderWine = [
  {
    file: /core\/file-log\.test\.ts$/,
    name: /./,
    reason:
      'removes its folder with the log in it open, as Linux allows; that the log writes is seen in every host test',
  },
  {
    file: /core\/account\/secret-store\.test\.ts$/,
    name: /./,
    reason: 'starts a Linux key ring in a D-Bus session of its own',
  },
  {
    file: /core\/chat\/endpoint-partner\.test\.ts$/,
    name: /certificate that nobody vouches for/,
    reason: 'makes its certificate with the openssl command',
  },
  {
    file: /workers\/sherpa\/handlers\.test\.ts$/,
    name: /whose libraries know no CUDA/,
    reason: 'removes a library that is loaded, as Linux allows',
  },
];

/** What is not tried at all, with the reason. */
export const notTriedUnderWine = [
  ['src/renderer', 'the page runs in Chromium, on Linux as on Windows'],
  ['src/main/electron', 'there is no Electron to be had'],
  [
    'native/whisper/addon.test.ts',
    'three minutes of plumbing that does not depend on the system; the engines are tried',
  ],
  ['native/whisper/backends.test.ts', 'no GPU drivers under wine'],
];
