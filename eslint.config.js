import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

// The directions between folders, and which file may import which package, are in .dependency-cruiser.mjs.
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
    rules: {
      'no-duplicate-imports': ['error', { allowSeparateTypeImports: true }],
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' }],
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
  // A worklet, the newer way, would have to be loaded past the page's own content security policy.
  { files: ['e2e/support/rendered-sound.ts'], rules: { '@typescript-eslint/no-deprecated': 'off' } },
  { files: ['**/*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['src/main/web/index.ts', 'src/main/web/models.ts', 'src/main/index.ts', 'e2e/**', 'bench/**'],
    rules: { 'no-console': 'off' },
  },
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
