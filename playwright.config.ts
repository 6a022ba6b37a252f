import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  // Each test has its own host with its own engines; two cores carry one at a time.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: { actionTimeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  outputDir: 'test-results/playwright',
});
