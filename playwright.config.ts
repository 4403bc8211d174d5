import { defineConfig } from '@playwright/test';

/**
 * The console in a real Chromium on one real fleet (tests/e2e/fleet.setup.ts). Run it with `node tests/run.ts e2e`,
 * which finds the browser. `ORRERY_E2E_HOME=<state dir>` uses a fleet that runs already.
 */
const asRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.e2e.ts',
  globalSetup: './tests/e2e/fleet.setup.ts',
  outputDir: 'test-results',
  // Stories share one fleet and some kill parts of it, so one after the other. tests/run.ts says who gets a second try.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? 'test-results/report.json' }]],
  use: {
    browserName: 'chromium',
    launchOptions: {
      ...(process.env.ORRERY_CHROMIUM ? { executablePath: process.env.ORRERY_CHROMIUM } : {}),
      args: asRoot ? ['--no-sandbox'] : [],
    },
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    // What moves is judged in its final place.
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    screenshot: 'only-on-failure',
  },
});
