import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{contracts,services,sandbox,components,app,bench,tests/support,tests/properties}/**/*.test.{ts,tsx}'],
    maxWorkers: 2,
    // Generous on purpose: a busy machine is slow, not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
