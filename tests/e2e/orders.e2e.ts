import type { Page } from '@playwright/test';
import { expect, expectLive, expectLoaded, test } from './fixtures.ts';

/** The order that the form has just placed; its page is open. */
async function placedOrder(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Place order' }).click();
  await page.waitForURL(/\/orders\/[0-9a-f]{8}-[0-9a-f-]{27}/);
  return /orders\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
}

/** The saga as a table; the graph shows the same. */
async function steps(page: Page) {
  await page.getByRole('radio', { name: 'Table' }).click();
  const table = page.getByRole('region', { name: 'Steps of the saga' }).or(page.getByLabel('Steps of the saga'));
  return (title: string | RegExp) =>
    table
      .first()
      .getByRole('row')
      .filter({ has: page.getByRole('cell', { name: title, exact: true }) });
}
const status = (page: Page) => page.locator('[data-slot=top-bar]');

test('a lamp is found by what it is for, ordered, and confirmed before the reader’s eyes', async ({ page, fleet }) => {
  await page.goto('/orders/new');
  await expectLoaded(page, 'Place an order');
  const basket = page.getByRole('region', { name: 'Basket' });
  await page.getByRole('searchbox', { name: 'Search the catalogue by meaning' }).fill('warm light for reading in bed');
  await expect(page.getByRole('status').filter({ hasText: /found in/ })).toBeVisible();
  const found = page.getByRole('region', { name: 'Products' }).getByRole('row').nth(1);
  await expect(found).toContainText(/lamp|light/i);
  const remove = basket.getByRole('button', { name: /^Remove/ });
  for (let left = await remove.count(); left > 0; left--) {
    await remove.first().click();
    await expect(remove).toHaveCount(left - 1);
  }
  await found.getByRole('button', { name: /^Add/ }).click();
  await expect(basket.getByRole('listitem')).toHaveCount(1);
  const orderId = await placedOrder(page);

  await expect(status(page)).toContainText('Confirmed', { timeout: 30_000 });
  const step = await steps(page);
  for (const title of ['Created', 'Screened', 'Reserved', 'Paid', 'Confirmed', 'Shipped', 'Invoiced']) {
    await expect(step(title)).toContainText('done');
  }
  await page.getByRole('radio', { name: 'Rows' }).click();
  for (const event of [
    'order.created',
    'inventory.reserved',
    'payment.succeeded',
    'order.confirmed',
    'invoice.issued',
  ]) {
    await expect(page.getByRole('cell', { name: event }).first()).toBeVisible();
  }
  const invoice = await page.request.get(`/api/orders/${orderId}/invoice`);
  expect(invoice.headers()['content-type']).toContain('application/pdf');
  expect((await invoice.body()).subarray(0, 5).toString()).toBe('%PDF-');
  expect(fleet.state().ready).toBe(true);
});

test('a declined card cancels the order, and its reservation is seen to be undone', async ({ page }) => {
  await page.goto('/orders/new');
  await page.getByRole('radio', { name: /^Declined card/ }).click();
  await expect(page.getByLabel('Payment', { exact: true })).toHaveValue('tok_declined');
  await placedOrder(page);
  await expect(status(page)).toContainText('Cancelled', { timeout: 30_000 });
  const step = await steps(page);
  await expect(step('Payment failed')).toContainText('failed');
  await expect(step('Reserved')).toContainText('undone');
  await expect(step('Released')).toContainText('done');
  await expect(step('Cancelled')).toContainText('done');
  await expect(step('Confirmed')).toContainText('not needed');
  await page.getByRole('radio', { name: 'Rows' }).click();
  await expect(page.getByRole('cell', { name: 'inventory.released' }).first()).toBeVisible();
});

test('what is out of stock is cancelled before any money moves', async ({ page }) => {
  await page.goto('/orders/new');
  await page.getByRole('radio', { name: /^Out of stock/ }).click();
  await placedOrder(page);
  await expect(status(page)).toContainText('Cancelled', { timeout: 30_000 });
  const step = await steps(page);
  await expect(step('Out of stock')).toContainText('failed');
  await expect(step('Paid')).toContainText('not needed');
  await expect(page.getByText('payment.succeeded')).toHaveCount(0);
});

test('a click that is made twice places one order', async ({ page }) => {
  await page.goto('/orders/new?items=LAMP-001:1');
  await expectLoaded(page, 'Place an order');
  const placed: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('orders.place')) placed.push(request.postData() ?? '');
  });
  await page.getByRole('button', { name: 'Place order' }).dblclick();
  await page.waitForURL(/\/orders\/[0-9a-f]{8}-/);
  const keys = placed.map((body) => /"idempotencyKey":"([^"]+)"/.exec(body)?.[1]);
  expect(new Set(keys).size, 'one intent has one key').toBe(1);
});

test('the list moves by itself and is walked with j, k and Enter', async ({ page, shop }) => {
  await page.goto('/orders');
  await expectLive(page);
  const orderId = await shop.placed();
  const row = page.locator(`tr[data-order="${orderId}"]`);
  await expect(row).toContainText('Confirmed', { timeout: 30_000 });
  await page.keyboard.press('j');
  await expect(row.getByRole('link')).toBeFocused();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: `Order ${orderId.slice(-8)}` });
  await expect(panel).toContainText('Reserved');
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(panel).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/orders/${orderId}`);
});
