// The directions in which the code may know each other, and the one door of each guarded package.
// `npm test -- --only checks` enforces them.

/** A folder that must not know some others. */
const never = (name, from, to, except = {}) => ({
  name,
  severity: 'error',
  from: { path: from, ...(except.from ? { pathNot: except.from } : {}) },
  to: { path: to, ...(except.to ? { pathNot: except.to } : {}) },
});

/** A package that only the given files may import. */
const door = (packages, files) => ({
  name: `door-of-${packages[0]}`,
  severity: 'error',
  from: { path: '^(src|native)', pathNot: files },
  to: { path: packages.map((name) => `^node_modules/${name}/`) },
});

export default {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },

    // Each process knows the shared contract, and no other process.
    never('shared-knows-nobody', '^src/shared/', '^(src/(main|preload|renderer)|native)/'),
    never('preload-knows-shared', '^src/preload/', '^(src/(main|renderer)|native)/'),
    never('renderer-knows-shared', '^src/renderer/', '^(src/(main|preload)|native)/'),
    // (Their tests use what the core's tests do.)
    never('workers-know-shared', '^src/main/workers/', '^src/main/(?!workers/)', { from: '\\.test\\.ts$' }),

    // The core is the app, whichever host it runs in. (Its tests speak the workers' real protocol.)
    never('core-knows-no-host', '^src/main/core/', '^src/main/(electron/|web/|workers/|index\\.ts)', {
      from: '^src/main/core/testing/',
    }),
    never('hosts-never-meet', '^src/main/(electron/|index\\.ts)', '^src/main/(web|workers)/'),
    never('hosts-never-meet-either', '^src/main/web/', '^src/main/(electron/|workers/|index\\.ts)'),

    // Inside the core: handlers → services → data; ports for all.
    never('data-knows-no-service', '^src/main/core/data/', '^src/main/core/(?!data/|testing/|ports\\.ts)'),
    never(
      'nobody-knows-handlers',
      '^src/main/core/(?!handlers/|core\\.ts|testing/)',
      '^src/main/core/(handlers/|core\\.ts)',
      {
        from: '\\.test\\.ts$',
      },
    ),
    never('chat-knows-no-speech', '^src/main/core/chat/', '^src/main/core/(turn|speech)/'),
    never('sync-knows-data', '^src/main/core/sync/', '^src/main/core/(?!sync/|data/|ports\\.ts|testing/)', {
      from: '\\.test\\.ts$',
    }),
    never(
      'account-knows-sync-and-data',
      '^src/main/core/account/',
      '^src/main/core/(?!account/|sync/|data/|ports\\.ts)',
      {
        from: '\\.test\\.ts$',
      },
    ),
    // Of the data it knows only how files are written so that nothing is half there.
    never(
      'models-know-nobody',
      '^src/main/core/models/',
      '^src/main/core/(?!models/|(ports|worker-client)\\.ts|data/(patient-files|whole-file|file-lock|settings-file)\\.ts)',
      {
        from: '\\.test\\.ts$',
      },
    ),
    never('spoken-text-knows-nobody', '^src/main/core/spoken-text/', '^src/main/core/(?!spoken-text/)'),
    never('handlers-know-no-data', '^src/main/core/handlers/', '^src/main/core/data/'),
    never('speech-knows-no-turn', '^src/main/core/speech/', '^src/main/core/(turn|chat)/'),

    // A feature never imports its sibling.
    {
      name: 'features-are-strangers',
      severity: 'error',
      from: { path: '^src/renderer/features/([^/]+)/' },
      to: { path: '^src/renderer/features/', pathNot: '^src/renderer/features/$1/' },
    },

    door(['electron'], ['^src/main/(electron/|index\\.ts)', '^src/preload/']),
    door(['better-sqlite3', 'kysely'], ['^src/main/core/data/', '^src/main/core/testing/statements\\.ts$']),
    door(['openai'], ['^src/main/core/chat/(endpoint-partner|endpoint/client|prompts)\\.ts$']),
    door(['eventsource-parser'], ['^src/main/core/chat/endpoint/']),
    door(['marked', 'n2words'], ['^src/main/core/spoken-text/']),
    door(['mysql2'], ['^src/main/core/sync/']),
    door(['@napi-rs/keyring'], ['^src/main/core/account/']),
    door(['pino'], ['^src/main/core/file-log\\.ts$']),
    door(['sherpa-onnx-node'], ['^src/main/workers/sherpa/', '^src/main/core/chat/demo-voice\\.test\\.ts$']),
    door(['tar-stream', 'unbzip2-stream', 'yauzl'], ['^src/main/workers/archive/', '^src/main/core/testing/']),
    door(['hash-wasm'], ['^src/main/core/models/download/']),
    door(['ws'], ['^src/main/web/']),
    door(['@msgpack/msgpack'], ['^src/main/web/', '^src/renderer/socket-client']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^native/whisper/build/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'] },
  },
};
