import type { Locator, Page } from '@playwright/test';
import { until } from '../support/until.ts';
import { expect, expectAccessible, expectLive, test } from './fixtures.ts';

const panel = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

/** The breaker that the gateway keeps before inference. */
const breaker = (page: Page): Locator =>
  panel(page, 'Circuit breaker')
    .getByRole('row')
    .filter({ has: page.getByRole('cell', { name: 'inference', exact: true }) })
    .locator('[data-slot=breaker-state]');

test('a breaker opens when its service is stopped, and closes again', async ({ page, fleet, shop }) => {
  const search = () => shop.request('GET', '/search?q=lamp');
  await search();
  await page.goto('/patterns?show=calls&service=gateway');
  await expectLive(page);
  await expect(breaker(page)).toHaveText('Closed');

  await fleet.control('inference', 'stop');
  await until('searches fail', async () => (await search()).status === 503 || null);
  for (let call = 0; call < 20; call++) await search();
  await expect(breaker(page)).toHaveText('Open');

  await fleet.control('inference', 'start');
  await fleet.recovered();
  await until('searches succeed', async () => (await search()).status === 200 || null, { withinMs: 60_000 });
  await until('the breaker is closed', async () => {
    await search();
    return (await breaker(page).textContent()) === 'Closed' || null;
  });
});

test('a pattern that is switched off marks every page until it is on again', async ({ page }) => {
  await page.goto('/patterns?show=calls&service=gateway');
  await expectLive(page);
  const mark = page.locator('[data-slot=off-bar]');
  const toggle = page.getByRole('switch', { name: 'Retry budget in gateway' });
  await expect(toggle).toBeChecked();
  await expect(mark).toBeEmpty();

  await toggle.click();
  const dialog = page.getByRole('dialog', { name: /Switch off “Retry budget” in gateway/ });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(toggle, 'asked, and not done').toBeChecked();

  await toggle.click();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Switch off' }).click();
  await expect(toggle).not.toBeChecked();
  await expect(panel(page, 'Retry budget').locator('[data-slot=pattern-off]')).toHaveText('off in gateway');
  await expect(mark).toContainText('Retry budget in gateway');
  await expectAccessible(page);

  await page.goto('/orders');
  await expect(mark).toContainText('Retry budget in gateway');
  await mark.getByRole('link', { name: 'Show' }).click();
  await expect(page).toHaveURL(/\/patterns\?show=off/);
  await page.getByRole('button', { name: 'Switch everything on' }).click();
  await expect(page.getByText('Nothing is switched off')).toBeVisible();
  await expect(mark).toBeEmpty();
});
