import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.bench.ts',
  // What runs beside a measurement is measured too.
  workers: 1,
  timeout: 3_600_000,
  expect: { timeout: 30_000 },
  use: { actionTimeout: 30_000 },
  reporter: [['./reporter.ts']],
  outputDir: '../../test-results/bench',
});
