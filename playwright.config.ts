import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  // Each test has its own host with its own engines; two cores carry one at a time.
  workers: 1,
  // Tests wait for events. These bounds only end what would wait for ever.
  timeout: 900_000,
  expect: { timeout: 120_000 },
  use: { actionTimeout: 120_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  outputDir: 'test-results/playwright',
});
