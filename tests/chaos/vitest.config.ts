import { defineConfig } from 'vitest/config';
import { root } from '../support/paths.ts';

// One real fleet for all of it, one test after the other: each kills a part of it at a chosen place.
export default defineConfig({
  root,
  test: {
    include: ['tests/chaos/**/*.test.ts'],
    globalSetup: ['tests/flows/fleet.setup.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
