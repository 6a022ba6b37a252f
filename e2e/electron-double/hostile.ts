/** Where a page must not be led. */
export const hostileUrls = [
  'https://evil.example/',
  'http://evil.example/',
  'http://127.0.0.1:8080/',
  'https://botchat/',
  'file:///etc/passwd',
  'file://server/share',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:app://botchat/0000',
  'about:blank',
  'app://evil/',
  'app://botchat.evil.example/',
  'app://botchat@evil.example/',
  'app://user:password@botchat/',
  'app:botchat',
  'smb://server/share',
  'ms-msdt:/id PCWDiagnostic',
  'mailto:a@b.example',
  'view-source:app://botchat/',
  'chrome://gpu/',
];

/** What a page may ask for besides the microphone, and does not get. */
export const otherPermissions = [
  'geolocation',
  'notifications',
  'midi',
  'midiSysex',
  'pointerLock',
  'fullscreen',
  'openExternal',
  'clipboard-read',
  'display-capture',
  'hid',
  'serial',
  'usb',
  'idle-detection',
  'fileSystem',
  'unknown',
];

/** Ways that have led out of a folder before, in every spelling, towards files that are there. */
export function hostileAddresses(): string[] {
  const ups = [
    '..',
    '%2e%2e',
    '%2E%2E',
    '.%2e',
    '%2e.',
    '..%2f',
    '..%5c',
    '..\\',
    '%252e%252e',
    '....//',
    '..;',
    '%c0%ae%c0%ae',
    '..%00',
  ];
  const targets = [
    'package.json',
    'main/index.js',
    'preload/index.cjs',
    'etc/passwd',
    'src/main/index.ts',
    '.git/config',
  ];
  const climbs = ups.flatMap((up) =>
    targets.flatMap((target) => [`/${up}/${target}`, `/assets/${up}/${up}/${up}/${target}`]),
  );
  const others = [
    ...['%00', '%0a', '%20', '%2e', '%2f', '%5c', '/', '\\', '.', '~', ';', ':$DATA', '.bak'].map(
      (end) => `/index.html${end}`,
    ),
    ...[
      '/etc/passwd',
      '//etc/passwd',
      '///',
      '/C:/Windows/win.ini',
      '/C:%5CWindows%5Cwin.ini',
      '/\\\\server\\share',
      '/assets',
      '/assets/',
    ],
    ...[
      '/INDEX.HTML',
      '/Index.html',
      '/%69ndex.html',
      '/index%2ehtml',
      '/index',
      '/favicon.txt',
      '/.env',
      '/__proto__',
      '/constructor',
    ],
    ...[
      '/toString',
      '/hasOwnProperty',
      '/app.asar',
      '/../../app.asar',
      '/proc/self/environ',
      '/node_modules/ws/package.json',
      '/renderer/index.html',
      '/out/renderer/index.html',
      '/index.html/',
      '/index.html/index.html',
    ],
  ];
  const hosts = ['app://evil', 'app://botchat.evil', 'app://botchat:80', 'app://BOTCHAT', 'app://'].map(
    (host) => `${host}/index.html`,
  );
  return [...[...climbs, ...others].map((path) => `app://botchat${path}`), ...hosts];
}
