import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * Path of a Chromium to test with: Playwright's own, else one of the system, else Playwright's install, else apt when
 * root on Debian. Throws with what to do when there is none.
 */
export async function findChromium(): Promise<string> {
  return installed() ?? viaPlaywright() ?? viaApt() ?? missing();
}

function installed(): string | null {
  const fromEnvironment = process.env.ORRERY_CHROMIUM;
  if (fromEnvironment && existsSync(fromEnvironment)) return fromEnvironment;
  const own = chromium.executablePath();
  if (own && existsSync(own)) return own;
  return systemBrowsers.find((path) => existsSync(path)) ?? null;
}

function viaPlaywright(): string | null {
  console.log('no Chromium found: trying `playwright install chromium`');
  spawnSync('npx', ['--no-install', 'playwright', 'install', 'chromium'], { stdio: 'ignore', timeout: 180_000 });
  return installed();
}

function viaApt(): string | null {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return null;
  console.log('installing Chromium with apt');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env, timeout: 300_000 });
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
    stdio: 'ignore',
    env,
    timeout: 600_000,
  });
  return installed();
}

function missing(): never {
  throw new Error(
    'no Chromium: run `npx playwright install chromium`, or install Chrome, or set ORRERY_CHROMIUM to its path',
  );
}
