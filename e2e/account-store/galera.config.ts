import { defineConfig } from 'vitest/config';

// node scripts/run.mjs vitest run --config e2e/account-store/galera.config.ts
export default defineConfig({
  test: {
    include: ['e2e/account-store/galera.long.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
