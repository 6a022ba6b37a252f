import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'native/whisper/*.test.ts', 'scripts/*.test.ts', 'e2e/**/*.test.ts'],
    // Engines, databases and whole hosts are started for real, on machines that may be busy: tests wait for events.
    // These bounds only end what would wait for ever.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 300_000, interval: 20 } },
    // As the recogniser's worker has it (docs/decisions/0008): files run side by side, on few processors.
    env: { GOMP_SPINCOUNT: '1000' },
  },
});
