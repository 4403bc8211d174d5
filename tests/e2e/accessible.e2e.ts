import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectLive, openPalette, test } from './fixtures.ts';

/*
 * axe with the tags of WCAG 2.2 AA on every page, on a desk and on a phone. The themes differ in colours alone, and they
 * are the same at every width: so each theme has its colours looked at once. The theme follows the system, so one visit
 * is enough for all.
 */
// axe looks at every element three times: on a busy machine that is most of a minute.
test.describe.configure({ timeout: 150_000 });

const looks = [
  { width: 1440, height: 900, colorScheme: 'dark', rules: 'all' },
  { width: 1440, height: 900, colorScheme: 'light', rules: 'of colours' },
  { width: 390, height: 844, colorScheme: 'dark', rules: 'all but colours' },
] as const;

async function expectAccessibleEverywhere(page: Page): Promise<void> {
  for (const { width, height, colorScheme, rules } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveClass(new RegExp(colorScheme));
    await test.step(`${width} px, ${colorScheme}`, () => expectAccessible(page, rules));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `pixels that stick out at ${width}`).toBeLessThanOrEqual(0);
  }
}

/** Every page, and the states of it that look different. `{order}` and `{trace}` are those of one finished order. */
const pages: readonly (readonly [name: string, path: string])[] = [
  ['overview', '/'],
  ['overview with a process open', '/?process=orders'],
  ['orders', '/orders'],
  ['orders with one open', '/orders?order={order}'],
  ['place an order', '/orders/new'],
  ['an order', '/orders/{order}'],
  ['an order as rows, with one open', '/orders/{order}?view=table&saga=table&line=state-created'],
  ['sagas', '/sagas'],
  ['sagas as a table', '/sagas?view=table'],
  ['twins', '/sagas/twin?choreography={order}&orchestration={order}'],
  ['load', '/load'],
  ['load as a table', '/load?view=table'],
  ['proof', '/proof'],
  ['proof with an invariant open', '/proof?verdict=S3'],
  ['patterns', '/patterns'],
  ['patterns without one', '/patterns?show=off'],
  ['map', '/map'],
  ['map as a table, with a place open', '/map?view=table&place=billing'],
  ['traces', '/traces'],
  ['traces with one open', '/traces?trace={trace}'],
  ['a trace', '/traces/{trace}'],
  ['a trace by service', '/traces/{trace}?view=services'],
  ['experiments', '/chaos/experiments'],
  ['logs', '/logs'],
  ['logs of an order', '/logs?q=order:{order}'],
  ['logs without a match', '/logs?q=order:nobody'],
];

test.describe('pages', () => {
  test.use({ opensOverview: false });
  /** One finished order for all of them. */
  let finished: { id: string; traceId: string } | null = null;

  for (const [name, path] of pages) {
    test(name, async ({ page, shop }) => {
      if (finished === null) {
        const { order } = await shop.finished(await shop.placed());
        finished = { id: order.id, traceId: order.traceId ?? '' };
      }
      await page.goto(path.replaceAll('{order}', finished.id).replace('{trace}', finished.traceId));
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.locator('main [data-slot=skeleton]')).toHaveCount(0);
      await expectAccessibleEverywhere(page);
    });
  }
});

test('the palette', async ({ page }) => {
  await openPalette(page);
  await expectAccessibleEverywhere(page);
});

test('the keyboard help', async ({ page }) => {
  await expectLive(page);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expectAccessibleEverywhere(page);
});

test('a menu', async ({ page }) => {
  await expectLive(page);
  await page.getByRole('button', { name: 'Actions for pricing' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await expectAccessible(page);
});

test('suggestions of a filter', async ({ page }) => {
  await page.goto('/logs');
  await expectLive(page);
  await page.keyboard.press('/');
  await expect(page.getByRole('listbox', { name: 'Suggestions' })).toBeVisible();
  await expectAccessibleEverywhere(page);
});

test('a mistake in a filter', async ({ page }) => {
  await page.goto('/logs?q=severity:banana');
  await expect(page.getByRole('combobox', { name: 'Filter logs' })).toHaveAttribute('aria-invalid', 'true');
  await expectAccessibleEverywhere(page);
});

test.describe('what does not exist', () => {
  test.use({ expectedComplaints: [/status of 404/], opensOverview: false });
  const unknown: readonly (readonly [name: string, path: string])[] = [
    ['an order', '/orders/01a20000-0000-7000-8000-000000000000'],
    ['a trace', `/traces/${'1'.repeat(32)}`],
    ['a log line', '/logs?log=999999999999'],
    ['a page', '/no-such-page'],
  ];
  for (const [name, path] of unknown) {
    test(name, async ({ page }) => {
      await page.goto(path);
      await expect(page.locator('[data-slot=error], [data-slot=empty]').first()).toBeVisible();
      await expectAccessibleEverywhere(page);
    });
  }
});
