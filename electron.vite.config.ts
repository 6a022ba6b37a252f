import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

// Out of the bundle stay only what is native or must be one copy: everything else is bundled, so that the app starts
// from few files and the installer needs few packages.
const external = ['electron', 'better-sqlite3', 'sherpa-onnx-node', '@napi-rs/keyring', /^sherpa-onnx-/];

export default defineConfig({
  main: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        external,
        input: {
          index: 'src/main/index.ts',
          web: 'src/main/web/index.ts',
          models: 'src/main/web/models.ts',
          'whisper-worker': 'src/main/workers/whisper/index.ts',
          'sherpa-worker': 'src/main/workers/sherpa/index.ts',
          'archive-worker': 'src/main/workers/archive/index.ts',
        },
        output: { format: 'es' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        // A sandboxed preload script cannot be a module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    build: { rolldownOptions: { input: { index: 'src/renderer/index.html' } } },
    plugins: [react()],
  },
});
