import type { Page } from '@playwright/test';
import { expect, expectLive, expectLoaded, test } from './fixtures.ts';

const place = (page: Page, id: string) => page.locator(`[data-place="${id}"]`);

test('traffic shows on the places and edges that an order passes', async ({ page, shop }) => {
  await page.goto('/map');
  await expectLive(page);
  await Promise.all(Array.from({ length: 3 }, async () => shop.finished(await shop.placed())));
  for (const id of ['gateway', 'orders', 'pricing', 'inventory', 'billing', 'payments']) {
    await expect(place(page, id)).toHaveAccessibleName(/running, [\d.]+ per second/);
  }
  await expect(place(page, 'orders.events')).toHaveAccessibleName(/^topic orders\.events, [\d.]+ per second/);
  await expect(page.locator('[data-slot=caption]')).toContainText(/calls and [\d.]+ messages a second/);
});

test('the same is there as a table', async ({ page, shop }) => {
  await shop.finished(await shop.placed());
  await page.goto('/map?view=table');
  await expectLoaded(page, 'Map');
  const edge = page
    .getByRole('row')
    .filter({ has: page.getByRole('button', { name: 'billing', exact: true }) })
    .filter({ has: page.getByRole('button', { name: 'payments', exact: true }) });
  await expect(edge).toContainText(/[\d.]+\s?\/s/);
});

test('a place opens by keyboard and leads to its neighbours', async ({ page }) => {
  await page.goto('/map');
  await expectLive(page);
  await place(page, 'billing').focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Process billing' });
  await expect(panel.getByRole('button', { name: 'payments', exact: true })).toBeVisible();
  await expect(page).toHaveURL(/place=billing/);
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
});
