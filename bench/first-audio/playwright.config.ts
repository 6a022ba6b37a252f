import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: 'first-audio.ts',
  workers: 1,
  timeout: 3_600_000,
  reporter: 'line',
});
