import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from '@playwright/test';
import { launchUrl } from '../tests/e2e/target.ts';
import { findChromium } from '../tests/support/chromium.ts';
import { startFleet } from '../tests/support/fleet.ts';
import { openShop, type Shop } from '../tests/support/shop.ts';
import type { BenchResult } from './result.ts';
import { percentile } from './statistics.ts';

const orders = 60;
const everyMs = 200;
const routes = ['/', '/orders', '/map', '/traces', '/logs'];

/** What a browser loads for a first visit, and how long a confirmed order takes from its event to the row on the page. */
export async function run(): Promise<BenchResult[]> {
  const fleet = await startFleet();
  const browser = await chromium.launch({ executablePath: await findChromium(), chromiumSandbox: false });
  try {
    const launch = launchUrl(fleet);
    const weights: BenchResult[] = [];
    for (const route of routes) weights.push(await weigh(browser, launch, route));
    const page = await browser.newPage();
    await page.goto(launch.href);
    const delays = await confirmedOnScreen(page, await openShop(fleet));
    return [
      ...weights,
      { name: `event → on screen, p50 of ${delays.length}`, value: percentile(delays, 0.5), unit: 'ms', budget: null },
      { name: 'event → on screen, p95', value: percentile(delays, 0.95), unit: 'ms', budget: '≤ 300 ms' },
    ];
  } finally {
    await browser.close();
    await fleet.stop();
  }
}

/** Scripts of a first visit with an empty cache, gzipped as a server would send them. */
async function weigh(browser: Browser, launch: URL, route: string): Promise<BenchResult> {
  const context = await browser.newContext();
  // The sign-in leaves a cookie; what it loads does not count.
  await context.request.get(launch.href);
  const page = await context.newPage();
  const scripts: Promise<number>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return;
    scripts.push(response.body().then((body) => gzipSync(body).length));
  });
  await page.goto(launch.origin + route, { waitUntil: 'networkidle' }).catch(() => {});
  const bytes = (await Promise.all(scripts)).reduce((sum, length) => sum + length, 0);
  await context.close();
  return {
    name: `JavaScript of ${route}`,
    value: bytes / 1024,
    unit: 'KiB gzip',
    budget: route === '/' ? '≤ 250' : null,
  };
}

/** Milliseconds from the event that confirmed an order to the word in the list; both clocks are this machine's. */
async function confirmedOnScreen(page: Page, shop: Shop): Promise<number[]> {
  await page.goto(new URL('/orders', page.url()).href);
  await page.getByRole('button', { name: /^Live.*pause live data/ }).waitFor();
  await page.evaluate(() => {
    const seen: Record<string, number> = {};
    Object.assign(window, { seen });
    const look = () => {
      for (const row of document.querySelectorAll<HTMLElement>('tr[data-order]')) {
        const id = row.dataset.order ?? '';
        if (!(id in seen) && row.textContent.includes('Confirmed')) seen[id] = Date.now();
      }
    };
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const placed: string[] = [];
  for (let n = 0; n < orders; n += 1) {
    placed.push(await shop.placed());
    await page.waitForTimeout(everyMs);
  }
  const confirmed = new Map<string, number>();
  for (const id of placed) {
    const { order } = await shop.finished(id);
    if (order.finishedAt !== null) confirmed.set(id, Date.parse(order.finishedAt));
  }
  const seen = await page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen);
  return placed.flatMap((id) => {
    const [from, to] = [confirmed.get(id), seen[id]];
    return from === undefined || to === undefined ? [] : [to - from];
  });
}
