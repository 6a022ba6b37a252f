import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'native/whisper/*.test.ts', 'scripts/*.test.ts', 'e2e/**/*.test.ts'],
    // Engines, databases and whole hosts are started for real, on machines that may be busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
