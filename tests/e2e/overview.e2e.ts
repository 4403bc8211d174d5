import type { Locator, Page } from '@playwright/test';
import { expect, expectLive, isFocused, test } from './fixtures.ts';

const processRow = (page: Page, name: string): Locator =>
  page
    .getByRole('region', { name: 'Processes' })
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name, exact: true }) });

/** Waits for Running, then for the fleet to agree, so that the next story begins with a whole fleet. */
async function isBack(row: Locator, restartsBefore: number, recovered: () => Promise<void>): Promise<void> {
  await expect(row.locator('[data-slot=process-state]')).toHaveText('Running', { timeout: 40_000 });
  await expect(row).toContainText(String(restartsBefore + 1));
  await recovered();
}

test('every process of the fleet is there, and running', async ({ page, fleet }) => {
  await expectLive(page);
  for (const name of Object.keys(fleet.state().processes)) {
    await expect(processRow(page, name).locator('[data-slot=process-state]')).toHaveText('Running');
  }
});

test('a process that is killed from its row is seen going down and coming back', async ({ page, fleet }) => {
  const before = await fleet.process('inference');
  await expectLive(page);
  const row = processRow(page, 'inference');
  await row.getByRole('button', { name: 'Actions for inference' }).click();
  await page.getByRole('menuitem', { name: /^Kill/ }).click();
  await expect(row.locator('[data-slot=process-state]')).not.toHaveText('Running');
  await isBack(row, before.restarts, () => fleet.recovered());
  expect((await fleet.process('inference')).pid).not.toBe(before.pid);
});

test('a process is stopped and started without a mouse', async ({ page, fleet }) => {
  await expectLive(page);
  const row = processRow(page, 'inference');
  const link = row.getByRole('link', { name: 'inference', exact: true });
  for (let presses = 0; presses < 20 && !(await isFocused(link)); presses++) await page.keyboard.press('j');
  await expect(link).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(row.getByRole('button', { name: 'Actions for inference' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('s');
  await expect(page.getByRole('menuitem', { name: /^Stop/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(row.locator('[data-slot=process-state]')).toHaveText('Stopped', { timeout: 30_000 });

  await expect(row.getByRole('button', { name: 'Actions for inference' }), 'focus returns to its button').toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: /^Start/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(row.locator('[data-slot=process-state]')).toHaveText('Running', { timeout: 40_000 });
  await fleet.recovered();
});

test('a process opens beside its list, and Back closes it', async ({ page }) => {
  await expectLive(page);
  await processRow(page, 'pricing').getByRole('link', { name: 'pricing', exact: true }).click();
  const panel = page.getByRole('complementary', { name: 'Process pricing' });
  await expect(panel.getByRole('heading', { name: 'pricing' })).toBeVisible();
  await expect(page).toHaveURL(/process=pricing/);
  await page.goBack();
  await expect(panel).toBeHidden();
});

test('an order that is placed elsewhere appears and moves to confirmed by itself', async ({ page, shop }) => {
  await expectLive(page);
  const orderId = await shop.placed();
  const row = page.getByRole('row').filter({ has: page.locator(`a[href="/orders/${orderId}"]`) });
  await expect(row).toContainText('Confirmed', { timeout: 30_000 });
});
