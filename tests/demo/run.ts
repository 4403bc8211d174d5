import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { findChromium } from '../support/chromium.ts';
import { startFleet } from '../support/fleet.ts';
import { root } from '../support/paths.ts';
import { brokerOutage, crashAfterCharge } from './fault-scenes.ts';
import { recordScreen } from './record-screen.ts';
import { happyPath, paymentFailure, traffic } from './scenes.ts';
import { openStage } from './stage.ts';

/*
 * `npm run demo`: walks through the console as a person would, on the fleet that runs or on one of its own. Leaves a
 * video and pictures in demo-output/; with --headed it shows the browser instead of recording it.
 */
const { values } = parseArgs({
  options: {
    headed: { type: 'boolean', default: false },
    pace: { type: 'string', default: '1000' },
    theme: { type: 'string', default: 'dark' },
  },
});
const folder = join(root, 'demo-output');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const running = await runningConsole();
if (!running) console.log('No fleet runs here: starting one for the demo.');
const fleet = running ? null : await startFleet();
const launch = running ?? launchAddress(fleet?.home ?? '') ?? '';
const size = { width: 1440, height: 900 };
const browser = await chromium.launch({
  executablePath: await findChromium(),
  headless: !values.headed,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const context = await browser.newContext({
    viewport: size,
    baseURL: new URL(launch).origin,
    colorScheme: values.theme === 'light' ? 'light' : 'dark',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(launch);
  const recording = values.headed ? null : await recordScreen(browser, page);
  const stage = openStage(page, folder, Number(values.pace));
  try {
    for (const scene of [happyPath, traffic, paymentFailure, brokerOutage, crashAfterCharge]) {
      console.log(scene.name);
      await scene(stage);
    }
  } finally {
    await recording?.saveAs(join(folder, 'demo.webm'));
  }
  console.log(`\n${values.headed ? 'Pictures' : 'Video and pictures'}: ${folder}`);
} finally {
  await browser.close();
  await fleet?.stop();
}

/** Launch address of the console that runs for this checkout (or ORRERY_HOME); null when none answers. */
async function runningConsole(): Promise<string | null> {
  const address = launchAddress(process.env.ORRERY_HOME ?? join(root, '.orrery'));
  if (address === null) return null;
  const live = new URL('/health/live', address);
  return fetch(live, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => (answer.ok ? address : null),
    () => null,
  );
}

function launchAddress(home: string): string | null {
  const file = join(home, 'launch.json');
  if (!existsSync(file)) return null;
  return (JSON.parse(readFileSync(file, 'utf8')) as { consoleLaunch: string }).consoleLaunch;
}
