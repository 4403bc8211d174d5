import AxeBuilder from '@axe-core/playwright';
import { test as base, type ConsoleMessage, expect, type Locator, type Page } from '@playwright/test';
import type { Fleet } from '../support/fleet.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { launchUrl, targetFleet } from './target.ts';

/** WCAG 2.2 AA, as STYLE.md asks. No rule is switched off. */
const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

type Fixtures = {
  fleet: Fleet;
  /** A customer at the gateway, for orders that a story only looks at. */
  shop: Shop;
  /** A page that is signed in and, with `opensOverview`, on the overview. Whatever it complains of fails the test. */
  page: Page;
  /** False for stories that go elsewhere at once. */
  opensOverview: boolean;
  /** Complaints that the story provokes on purpose, as patterns of their text. */
  expectedComplaints: RegExp[];
};

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from the pattern
  fleet: async ({}, use) => use(targetFleet()),
  shop: async ({ fleet }, use) => use(await openShop(fleet)),
  baseURL: async ({ fleet }, use) => use(launchUrl(fleet).origin),
  expectedComplaints: [[], { option: true }],
  opensOverview: [true, { option: true }],
  page: async ({ page, fleet, expectedComplaints, opensOverview }, use) => {
    const complaints = collectComplaints(page);
    const { href } = launchUrl(fleet);
    await (opensOverview ? page.goto(href) : page.request.get(href, { maxRedirects: 0 }));
    await use(page);
    expect(
      complaints.filter((text) => !expectedComplaints.some((pattern) => pattern.test(text))),
      'errors that the browser reported',
    ).toEqual([]);
  },
});

export { expect };

/** Console errors, uncaught errors and CSP violations (which Chromium reports as console errors). */
function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  return complaints;
}

/** Those of axe's rules that look at colours. */
const ofColours = ['color-contrast', 'link-in-text-block'];

/** Zero axe violations on what is shown now; a failure names rule, element and reason. */
export async function expectAccessible(
  page: Page,
  rules: 'all' | 'of colours' | 'all but colours' = 'all',
): Promise<void> {
  // One run in the page itself, since there are no frames, that writes down only what is wrong: half the time.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  if (rules === 'of colours') axe.withRules(ofColours);
  else axe.withTags(wcag).disableRules(rules === 'all' ? [] : ofColours);
  const { violations } = await axe.analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}\n  ${failureSummary ?? ''}`),
  );
  expect(found, 'axe violations').toEqual([]);
}

/** The page reacts to keys and its stream runs. */
export async function expectLive(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: /^Live.*pause live data/ })).toBeVisible({ timeout: 30_000 });
}

/** The palette, opened by its key and ready to be typed into; keys that come before are nobody's. */
export async function openPalette(page: Page): Promise<Locator> {
  await expectLive(page);
  await page.keyboard.press('ControlOrMeta+k');
  const palette = page.getByRole('dialog', { name: 'Search and run commands' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  return palette;
}

/** The page's heading is there and nothing loads any more. */
export async function expectLoaded(page: Page, title: string | RegExp): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page.locator('main [data-slot=skeleton]')).toHaveCount(0);
}

/** Presses Tab until `target` has the focus; what a keyboard cannot reach fails here. */
export async function tabTo(page: Page, target: Locator, most = 120): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < most; presses++) {
    if (await isFocused(target)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target, `reached with ${most} Tabs`).toBeFocused({ timeout: 1_000 });
}

export async function isFocused(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === document.activeElement);
}
