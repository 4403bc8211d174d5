import { defineConfig } from 'vitest/config';
import { root } from '../support/paths.ts';

// One real fleet for all flows, one file after the other: they kill parts of it.
export default defineConfig({
  root,
  test: {
    include: ['tests/flows/**/*.test.ts'],
    globalSetup: ['tests/flows/fleet.setup.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
