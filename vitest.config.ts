import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'native/whisper/*.test.ts', 'scripts/*.test.ts', 'e2e/**/*.test.ts'],
    // Engines, databases and whole hosts are started for real, on machines that may be busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // As the recogniser's worker has it (docs/decisions/0008): files run side by side, on few processors.
    env: { GOMP_SPINCOUNT: '1000' },
  },
});
