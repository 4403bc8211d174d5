import { readFile } from 'node:fs/promises';
import { openChaos } from '../support/chaos.ts';
import { expect, expectAccessible, expectLoaded, test } from './fixtures.ts';

test.describe.configure({ timeout: 240_000 });

test.beforeEach(async ({ fleet }) => {
  await openChaos(fleet).request('POST', '/release');
});

test('an experiment is chosen, run, followed and its report read', async ({ page }) => {
  await page.goto('/chaos');
  await expectLoaded(page, 'Chaos');
  await page.getByRole('link', { name: 'Experiments' }).click();
  await expectLoaded(page, 'Experiments');
  const ready = page.getByRole('navigation', { name: 'Experiments' });
  await ready.getByRole('link', { name: /Crash between charge and record/ }).click();
  const plan = page.getByRole('region', { name: 'Crash between charge and record' }).first();
  await expect(plan.getByText(/billing dies after a charge \(crash-after-charge on billing/)).toBeVisible();
  await plan.getByLabel('Seed').fill('7');
  await plan.getByRole('button', { name: 'Run experiment' }).click();

  await expect(page.getByRole('button', { name: 'Stop and roll back' })).toBeVisible({ timeout: 60_000 });
  const timeline = page.getByRole('list', { name: 'Timeline of the experiment' });
  await expect(timeline).toContainText('billing dies after a charge: bites', { timeout: 90_000 });
  await expect(timeline).toContainText('strict audit', { timeout: 120_000 });
  const report = page.getByRole('link', { name: 'Report' });
  await expect(report).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('status').filter({ hasText: 'seed 7' })).toContainText('passed');
  const faults = page.getByRole('region', { name: 'Faults of the experiment' });
  await expect(faults.getByRole('row').nth(1)).toContainText('reverted');
  await expectAccessible(page);

  const downloading = page.waitForEvent('download');
  await report.click();
  const html = await readFile(await (await downloading).path(), 'utf8');
  for (const text of ['Crash between charge and record: passed', 'Postmortem', 'Worst orders'])
    expect(html).toContain(text);
});
