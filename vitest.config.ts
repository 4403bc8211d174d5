import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{contracts,services,sandbox,components,app,bench,tests/support}/**/*.test.{ts,tsx}'],
    maxWorkers: 2,
    testTimeout: 20_000,
  },
});
