import type { Page } from '@playwright/test';
import { expect, expectLive, test } from './fixtures.ts';

const list = (page: Page) => page.getByRole('grid', { name: /Log lines/ });
const lines = (page: Page, text: string) => list(page).getByRole('row').filter({ hasText: text });
const panel = (page: Page) => page.getByRole('complementary', { name: 'Log line' });
const filter = (page: Page) => page.getByRole('combobox', { name: 'Filter logs' });
const short = (orderId: string) => orderId.slice(-8);

test('what an order does is written at the end as it happens', async ({ page, shop }) => {
  await page.goto('/logs');
  await expectLive(page);
  await expect(list(page)).toHaveAttribute('data-following', 'true');
  const orderId = await shop.placed();
  await expect(lines(page, 'order confirmed').filter({ hasText: short(orderId) })).toBeVisible({ timeout: 30_000 });
  await expect(lines(page, 'invoice issued').filter({ hasText: short(orderId) })).toBeVisible({ timeout: 30_000 });
});

test('a filter is typed with its suggestions, stays in the address, and Back takes it away', async ({ page, shop }) => {
  await shop.finished(await shop.placed());
  await page.goto('/logs');
  await expectLive(page);
  await page.keyboard.press('/');
  await expect(filter(page)).toBeFocused();
  await page.keyboard.type('ser');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(filter(page)).toHaveValue('service:');
  await page.keyboard.type('bil');
  await expect(
    page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option', { name: /^billing/ }),
  ).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await expect(filter(page)).toHaveValue('service:billing ');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=service:billing/);
  await expect(lines(page, 'payment taken').first()).toBeVisible();
  await expect(lines(page, 'order confirmed')).toHaveCount(0);

  await page.reload();
  await expect(filter(page)).toHaveValue('service:billing');
  await expect(lines(page, 'payment taken').first()).toBeVisible();
  await page.goBack();
  await expect(filter(page)).toHaveValue('');
});

test('a mistake in a filter is pointed at, and nothing is lost', async ({ page }) => {
  await page.goto('/logs');
  await expectLive(page);
  await filter(page).fill('service:orders severity:banana');
  await filter(page).press('Enter');
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert).toContainText('severity:banana');
  await expect(alert).toContainText('at character 16');
  await expect(filter(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(page).not.toHaveURL(/q=/);
  await filter(page).fill('service:orders severity:warn');
  await expect(alert).toBeHidden();
});

test('severities and services narrow the tail', async ({ page, shop }) => {
  await shop.finished(await shop.placed());
  await page.goto('/logs');
  await expectLive(page);
  await page.getByLabel('Service', { exact: true }).selectOption('workers');
  await expect(page).toHaveURL(/service=workers/);
  await expect(lines(page, 'invoice issued').first()).toBeVisible();
  await expect(lines(page, 'payment taken')).toHaveCount(0);
  await page.getByRole('button', { name: 'fatal', exact: true }).click();
  await expect(page.getByText('No line matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filter' }).last().click();
  await expect(lines(page, 'payment taken').first()).toBeVisible();
});

test('whoever reads further up keeps the place and is told how much is new', async ({ page, shop }) => {
  await Promise.all(Array.from({ length: 4 }, async () => shop.finished(await shop.placed())));
  await page.goto('/logs');
  await expectLive(page);
  await list(page).focus();
  await page.keyboard.press('Home');
  await expect(list(page)).toHaveAttribute('data-following', 'false');
  const [topRow] = await list(page).getByRole('row', { selected: false }).all();
  const before = await topRow?.boundingBox();
  await shop.finished(await shop.placed());
  const toEnd = page.getByRole('button', { name: /new lines, go to the end/ });
  await expect(toEnd).toBeVisible();
  expect(await topRow?.boundingBox()).toEqual(before);
  await toEnd.click();
  await expect(list(page)).toHaveAttribute('data-following', 'true');
  await expect(toEnd).toBeHidden();
});

test('paused, nothing is added; resumed, nothing is missing', async ({ page, shop }) => {
  await page.goto('/logs');
  await expectLive(page);
  await page.keyboard.press('.');
  await expect(page.getByRole('button', { name: /resume live data/ })).toBeVisible();
  const orderId = await shop.placed();
  await shop.finished(orderId);
  await expect(lines(page, short(orderId))).toHaveCount(0);
  await page.keyboard.press('.');
  await expect(lines(page, 'order confirmed').filter({ hasText: short(orderId) })).toBeVisible();
});

test('a line opens with its fields and its context, and leads to its order and its trace', async ({ page, shop }) => {
  const orderId = await shop.placed();
  await shop.finished(orderId);
  await page.goto(`/logs?q=${encodeURIComponent(`order:${orderId}`)}`);
  await expectLive(page);
  await lines(page, 'payment taken').click();
  await expect(panel(page)).toContainText('amountMinor');
  // The trace's lines of other services are around it.
  await expect(panel(page).getByRole('button', { name: /stock reserved/ })).toBeVisible();
  await panel(page)
    .getByRole('button', { name: /stock reserved/ })
    .click();
  await expect(panel(page)).toContainText('reservationId');
  await expect(panel(page).getByRole('link', { name: orderId })).toHaveAttribute('href', `/orders/${orderId}`);
  await panel(page)
    .getByRole('link', { name: /^[0-9a-f]{32}$/ })
    .click();
  await expect(page).toHaveURL(/\/traces\/[0-9a-f]{32}\?span=/);
});

test('a value is filtered for and filtered out from the panel', async ({ page, shop }) => {
  const orderId = await shop.placed();
  await shop.finished(orderId);
  await page.goto(`/logs?q=${encodeURIComponent(`order:${orderId}`)}`);
  await expectLive(page);
  await lines(page, 'payment taken').click();
  await panel(page).getByText('service', { exact: true }).hover();
  await panel(page).getByRole('button', { name: 'Filter out service billing' }).click();
  await expect(filter(page)).toHaveValue(/-service:billing/);
  await expect(lines(page, 'payment taken')).toHaveCount(0);
  await expect(lines(page, 'order confirmed')).toBeVisible();
});

test('j, k, Enter and Escape walk through the lines', async ({ page, shop }) => {
  const orderId = await shop.placed();
  await shop.finished(orderId);
  await page.goto(`/logs?q=${encodeURIComponent(`order:${orderId} service:orders`)}`);
  await expectLive(page);
  await expect(lines(page, 'order confirmed')).toBeVisible();
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await expect(panel(page)).toContainText('order confirmed');
  await page.keyboard.press('k');
  await expect(panel(page)).toContainText('order paid');
  await page.keyboard.press('j');
  await expect(panel(page)).toContainText('order confirmed');
  await page.keyboard.press('Escape');
  await expect(panel(page)).toBeHidden();
  await expect(list(page)).toBeFocused();
});

test('the query behind the view can be read', async ({ page }) => {
  await page.goto('/logs?service=orders');
  await expectLive(page);
  await page.getByRole('button', { name: 'Show the query' }).click();
  await expect(page.getByRole('dialog')).toContainText("service = 'orders'");
});
