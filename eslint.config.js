import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

// The direction in which the code may know each other (docs: README, "How it is built"). What is not listed is allowed.
const zones = [
  // Each process knows the shared contract, and no other process.
  { target: './src/shared', from: ['./src/main', './src/preload', './src/renderer', './native'] },
  { target: './src/preload', from: ['./src/main', './src/renderer', './native'] },
  { target: './src/renderer', from: ['./src/main', './src/preload', './native'] },
  // The core is the app, whichever host it runs in. (Its tests run the workers' real protocol.)
  { target: './src/main/core', from: ['./src/main/electron', './src/main/web', './src/main/index.ts'] },
  { target: './src/main/core/!(testing)/**', from: ['./src/main/workers'] },
  {
    target: './src/main/workers',
    from: ['./src/main/core', './src/main/electron', './src/main/web', './src/main/index.ts'],
  },
  // The two hosts never meet.
  { target: './src/main/electron', from: ['./src/main/web', './src/main/workers'] },
  { target: './src/main/web', from: ['./src/main/electron', './src/main/workers', './src/main/index.ts'] },
  // Inside the core: handlers → services → data, and ports for all.
  { target: './src/main/core/data', from: ['./src/main/core/!(data|testing)/**', './src/main/core/{core,router}.ts'] },
  {
    target: './src/main/core/!(handlers|testing)/**',
    from: ['./src/main/core/handlers/**', './src/main/core/{core,router}.ts'],
  },
  { target: './src/main/core/chat', from: ['./src/main/core/turn', './src/main/core/speech'] },
  { target: './src/main/core/speech', from: ['./src/main/core/turn', './src/main/core/chat'] },
];

// A feature never imports its sibling.
const features = ['composer', 'conversation', 'rail', 'settings', 'status', 'topics'];
const featureZones = features.map((feature) => ({
  target: `./src/renderer/features/${feature}`,
  from: './src/renderer/features',
  except: [`./${feature}`],
}));

// Each of these packages has one door: only the files named with it may import it.
const rooms = [
  {
    packages: ['electron'],
    files: ['src/main/electron/**', 'src/main/index.ts', 'src/preload/**', 'e2e/electron-double/**'],
  },
  { packages: ['better-sqlite3', 'kysely'], files: ['src/main/core/data/**'] },
  { packages: ['openai'], files: ['src/main/core/chat/{endpoint-partner,prompts}.ts'] },
  { packages: ['@napi-rs/keyring'], files: ['src/main/core/account/**'] },
  { packages: ['pino'], files: ['src/main/core/file-log.ts'] },
  { packages: ['mysql2'], files: ['src/main/core/sync/**'] },
  { packages: ['sherpa-onnx-node'], files: ['src/main/workers/sherpa/**', 'src/main/core/chat/demo-voice.test.ts'] },
  { packages: ['ws', '@msgpack/msgpack'], files: ['src/main/web/**'] },
  { packages: ['@msgpack/msgpack'], files: ['src/renderer/socket-client*.ts'] },
];
const guarded = new Set(rooms.flatMap(({ packages }) => packages));
const onlyThese = (...packages) => [
  'error',
  {
    patterns: [...guarded]
      .filter((name) => !packages.includes(name))
      .map((name) => ({ group: [name, `${name}/*`], message: 'This package has one door: see eslint.config.js.' })),
  },
];

export default tseslint.config(
  { ignores: ['out/', 'release/', 'native/whisper/build/', 'node_modules/', 'tools/', 'test-results/'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          'tsconfig.shared.json',
          'tsconfig.main.json',
          'tsconfig.preload.json',
          'tsconfig.renderer.json',
          'tsconfig.tools.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { 'import-x': importX },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: [...zones, ...featureZones] }],
      'import-x/no-default-export': 'error',
      'import-x/no-duplicates': 'error',
      '@typescript-eslint/no-restricted-imports': onlyThese(),
      // `_` says that a value is of no interest.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Interfaces tell callbacks from methods no better than arrows do; the shorthand reads as what it is.
      '@typescript-eslint/unbound-method': 'off',
      // The contract's rows are type aliases, since only those are assignable to `Record<string, …>`.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'max-lines': ['error', { max: 520, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      // `return refuse(…)` ends a function that answers nothing.
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  ...rooms.map(({ packages, files }) => ({
    files,
    rules: { '@typescript-eslint/no-restricted-imports': onlyThese(...packages) },
  })),
  // A worklet, the newer way, would have to be loaded past the page's own content security policy.
  { files: ['e2e/support/rendered-sound.ts'], rules: { '@typescript-eslint/no-deprecated': 'off' } },
  { files: ['**/*.config.ts'], rules: { 'import-x/no-default-export': 'off' } },
  { files: ['src/main/web/index.ts', 'src/main/index.ts', 'e2e/**', 'bench/**'], rules: { 'no-console': 'off' } },
  {
    files: ['src/renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  {
    files: ['**/*.test.ts', '**/*.spec.ts', 'e2e/**'],
    rules: {
      // Matchers such as `expect.objectContaining` are `any`.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
