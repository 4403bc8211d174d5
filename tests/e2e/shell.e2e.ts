import { expect, expectLive, expectLoaded, openPalette, test } from './fixtures.ts';

test('the palette goes to a page', async ({ page }) => {
  const palette = await openPalette(page);
  await page.keyboard.type('logs');
  await expect(palette.getByRole('option', { selected: true })).toContainText('Logs');
  await page.keyboard.press('Enter');
  await expectLoaded(page, 'Logs');
  await expect(palette).toBeHidden();
});

test('an order id that is pasted into the palette opens the order', async ({ page, shop }) => {
  const orderId = await shop.placed();
  await shop.finished(orderId);
  const palette = await openPalette(page);
  await palette.getByRole('combobox').fill(orderId.toUpperCase());
  await expect(palette.getByRole('option', { selected: true })).toContainText(orderId);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/orders/${orderId}`);
  await expect(page.getByRole('main')).toContainText('Confirmed');
});

test('the palette offers what can be done to a process', async ({ page }) => {
  await expectLive(page);
  await page.getByRole('button', { name: /^Search or jump to/ }).click();
  const palette = page.getByRole('dialog', { name: 'Search and run commands' });
  await palette.getByRole('combobox').fill('restart inventory');
  await expect(palette.getByRole('option', { name: /^Restart inventory/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^Search or jump to/ }), 'focus returns').toBeFocused();
});

test('the theme changes by key and by palette, and a reload keeps it', async ({ page }) => {
  await expectLive(page);
  const html = page.locator('html');
  await expect(html).toHaveClass(/dark/);
  await page.keyboard.press('t');
  await expect(html).toHaveClass(/light/);
  await page.reload();
  await expect(html).toHaveClass(/light/);
  const palette = await openPalette(page);
  await palette.getByRole('combobox').fill('theme dark');
  await expect(palette.getByRole('option', { selected: true })).toContainText(/dark/i);
  await page.keyboard.press('Enter');
  await expect(html).toHaveClass(/dark/);
});

test('? tells the keys, and what it tells is true', async ({ page }) => {
  await expectLive(page);
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  for (const title of [
    'Overview',
    'Orders',
    'Map',
    'Traces',
    'Logs',
    'Filter this page',
    'Pause or resume live data',
  ]) {
    await expect(help.getByText(title, { exact: true })).toBeVisible();
  }
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  for (const [key, title] of [
    ['o', 'Orders'],
    ['t', 'Traces'],
    ['l', 'Logs'],
    ['m', 'Map'],
    ['s', 'Overview'],
  ] as const) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expectLoaded(page, title);
  }
});

test('a first Tab offers to skip the navigation', async ({ page }) => {
  await expectLive(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
});

test.describe('a missing page', () => {
  test.use({ expectedComplaints: [/404/] });

  test('says so, and leads back', async ({ page }) => {
    const answer = await page.goto('/no-such-page');
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.getByRole('main').getByRole('link').first().click();
    await expectLoaded(page, 'Overview');
  });
});
