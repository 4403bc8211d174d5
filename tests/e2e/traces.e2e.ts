import type { Page } from '@playwright/test';
import { expect, expectLive, expectLoaded, isFocused, tabTo, test } from './fixtures.ts';

const waterfall = (page: Page) => page.getByRole('treegrid');

test('from the list to a span, its log lines and back, without a mouse', async ({ page, shop }) => {
  const orderId = await shop.placed();
  await shop.finished(orderId);
  await expectLive(page);
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expectLoaded(page, 'Traces');
  await expectLive(page);
  await page.keyboard.press('/');
  await page.keyboard.type(`order:${orderId} `);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=order:/);
  // Whoever asked for the order's state left traces that name it too.
  const placing = page.getByRole('link', { name: /POST \/orders$/ });
  await expect(placing).toHaveCount(1);
  await page.keyboard.press('Escape');
  for (let presses = 0; presses < 20 && !(await isFocused(placing)); presses++) await page.keyboard.press('j');
  await expect(placing).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: /^Trace/ })).toContainText(/Spans\d/);
  await tabTo(page, page.getByRole('link', { name: 'Open full page' }));
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/);

  await tabTo(page, waterfall(page));
  // Only rows in sight are in the page: walk down until the provider's span is the current one.
  const current = waterfall(page).getByRole('row', { selected: true });
  for (let presses = 0; presses < 200; presses++) {
    await page.keyboard.press('ArrowDown');
    if (/paymentsPOST/.test((await current.textContent()) ?? '')) break;
  }
  await expect(current).toHaveText(/paymentsPOST/);
  await page.keyboard.press('Enter');
  const span = page.getByRole('complementary', { name: /^Span payments/ });
  await expect(span.getByRole('region', { name: 'Attributes' })).toBeVisible();
  await tabTo(page, span.getByRole('link', { name: 'All of the trace' }));
  await page.keyboard.press('Enter');
  await expectLoaded(page, 'Logs');
  const lines = page.getByRole('grid', { name: /Log lines/ }).getByRole('row');
  await expect(lines.filter({ hasText: 'charge decided' })).toBeVisible();
  await expect(lines.filter({ hasText: 'order confirmed' })).toBeVisible();

  await page.goBack();
  await expect(span).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(span).toBeHidden();
  await expect(waterfall(page)).toBeFocused();
});

test('one order is one trace, from the gateway to the invoice', async ({ page, shop }) => {
  const orderId = await shop.placed();
  const { order } = await shop.finished(orderId);
  await page.goto(`/traces/${order.traceId}?view=services`);
  await expectLive(page);
  for (const service of ['gateway', 'orders', 'pricing', 'inference', 'inventory', 'billing', 'payments', 'workers']) {
    await expect(waterfall(page).getByRole('row').filter({ hasText: service }).first()).toBeVisible();
  }
});

test('new traces come to the top of the list by themselves', async ({ page, shop }) => {
  await page.goto('/traces');
  await expectLive(page);
  const orderId = await shop.placed();
  await expect(page.locator(`a[href="/orders/${orderId}"]`)).toBeVisible({ timeout: 30_000 });
});
