import type { Page } from '@playwright/test';
import { expect, expectLive, expectLoaded, test } from './fixtures.ts';

const status = (page: Page) => page.locator('[data-slot=top-bar]');
const step = (page: Page, title: string) =>
  page
    .getByLabel('Steps of the saga')
    .first()
    .getByRole('row')
    .filter({ has: page.getByRole('cell', { name: title, exact: true }) });

for (const [style, commands] of [
  ['choreography', false],
  ['orchestration', true],
] as const) {
  test(`an order of the form runs as ${style}`, async ({ page }) => {
    await page.goto('/orders/new');
    await expectLoaded(page, 'Place an order');
    await page.getByLabel('Saga', { exact: true }).selectOption(style);
    await page.getByRole('button', { name: 'Place order' }).click();
    await page.waitForURL(/\/orders\/[0-9a-f]{8}-/);
    await expect(status(page)).toContainText('Confirmed', { timeout: 30_000 });
    await expect(page.getByRole('link', { name: style })).toBeVisible();
    await expect(page.getByText('orders runs the saga')).toHaveCount(commands ? 1 : 0);
    await page.getByRole('radio', { name: 'Table' }).click();
    for (const title of ['Created', 'Screened', 'Reserved', 'Paid', 'Confirmed', 'Shipped', 'Invoiced']) {
      await expect(step(page, title)).toContainText('done');
    }
    const command = page.getByRole('option', { name: /^Message, inventory\.reserve,/ });
    await expect(command).toHaveCount(commands ? 1 : 0);
  });
}

test('an order is cancelled in flight: what was taken is given back, and the story tells it', async ({
  page,
  shop,
  fleet,
}) => {
  // Billing takes no card meanwhile, which is time enough to change one's mind.
  await fleet.control('billing', 'pause');
  try {
    const orderId = await shop.placed();
    await page.goto(`/orders/${orderId}`);
    await expectLive(page);
    await expect(page.getByRole('heading', { name: 'Story' }).locator('..')).toContainText('incomplete: waiting for');
    await page.getByRole('button', { name: 'Cancel order' }).click();
  } finally {
    await fleet.control('billing', 'resume');
  }
  await expect(status(page)).toContainText('Cancelled', { timeout: 45_000 });
  await expect(page.getByRole('button', { name: 'Cancel order' })).toHaveCount(0);
  await page.getByRole('radio', { name: 'Table' }).click();
  await expect(step(page, 'Cancel requested')).toContainText('done');
  await expect(step(page, 'Reserved')).toContainText('undone');
  await expect(step(page, 'Released')).toContainText('done');
  await expect(step(page, 'Confirmed')).toContainText('not needed');
  await expect(page.getByRole('option', { name: /^Message, order\.cancellation_requested/ })).toHaveCount(1);
});

test('twins show the same order in both styles beside each other', async ({ page }) => {
  await page.goto('/sagas/twin?preset=declined');
  await expectLoaded(page, 'Twin run');
  await page.getByRole('button', { name: 'Place both' }).click();
  await page.waitForURL(/orchestration=/);
  for (const title of ['Choreography', 'Orchestration']) {
    await expect(page.getByRole('region', { name: title })).toContainText('Cancelled', { timeout: 30_000 });
  }
  const figure = (of: string) => page.locator(`tr[data-figure=${of}]`).getByRole('cell');
  await expect(figure('commands').nth(1)).toHaveText('0');
  await expect.poll(async () => Number(await figure('commands').nth(2).textContent())).toBeGreaterThan(2);
  await expect(figure('undone').nth(1)).toHaveText('1');
  await expect(figure('undone').nth(2)).toHaveText('1');
  await expect(page.getByRole('list', { name: 'Steps of both orders' })).toContainText('Payment failed');
});

test('sagas are counted as they run, and a waiting one is found', async ({ page, shop, fleet }) => {
  await shop.finished(await shop.placed({ sagaStyle: 'orchestration' }));
  await page.goto('/sagas');
  await expectLive(page);
  const row = page.locator('tr[data-style=orchestration]');
  const sagas = async () => Number(await row.getByRole('cell').nth(1).textContent());
  await expect.poll(sagas).toBeGreaterThan(0);
  const before = await sagas();
  await fleet.control('billing', 'pause');
  let paused = true;
  try {
    const waiting = await shop.placed({ sagaStyle: 'orchestration' });
    await page.getByLabel('State').selectOption('waiting');
    await expect(page).toHaveURL(/state=waiting/);
    await expect(page.locator(`tr[data-order="${waiting}"]`)).toContainText('Waiting', { timeout: 30_000 });
    await expect.poll(sagas).toBeGreaterThan(before);
    await page.getByRole('radio', { name: 'Table' }).click();
    await expect(page.getByLabel('Steps by style')).toBeVisible();
    await fleet.control('billing', 'resume');
    paused = false;
    await expect(page.locator(`tr[data-order="${waiting}"]`)).toHaveCount(0, { timeout: 45_000 });
  } finally {
    if (paused) await fleet.control('billing', 'resume');
  }
});
