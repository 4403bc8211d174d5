import type { Page } from '@playwright/test';
import { FaultDescription } from '#contracts/sandbox/chaos.ts';
import { openChaos } from '../support/chaos.ts';
import { expect, expectAccessible, expectLive, expectLoaded, tabTo, test } from './fixtures.ts';

/* Faults armed from where one looks, and seen where they matter: service row, map, an order's saga and time axis, charts. */

test.afterEach(async ({ fleet }) => {
  const chaos = openChaos(fleet);
  await chaos.request('POST', '/stop-all', { reason: 'the story is over' });
  for (const run of (await chaos.state()).faults) await chaos.becomes(run.id, 'reverted');
  await chaos.request('POST', '/release');
});

const onNow = (page: Page, title: string) =>
  page.getByRole('region', { name: 'Active faults' }).getByRole('row').filter({ hasText: title });

async function expectAccessibleInBothThemes(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveClass(new RegExp(colorScheme));
    await expectAccessible(page);
  }
}

test('from a service’s row: what fits it comes first, and its line of rates is shaded', async ({ page, shop }) => {
  await page.goto('/');
  await expectLive(page);
  await page.getByRole('button', { name: 'Actions for inference' }).click();
  await page.getByRole('menuitem', { name: 'Arm a fault…' }).click();
  await expectLoaded(page, 'Chaos');
  await expect(page.getByRole('form', { name: 'Arm Crash' }).getByLabel('Target')).toHaveValue('inference');
  const fitting = page.getByRole('region', { name: 'Fit inference' });
  await expect(fitting.getByRole('link', { name: /Latency on an edge/ })).toHaveCount(0);
  await fitting.getByRole('link', { name: /HTTP errors/ }).click();
  const form = page.getByRole('form', { name: 'Arm HTTP errors' });
  await expect(form.getByLabel('Target')).toHaveValue('inference');
  await form.getByRole('button', { name: 'Arm' }).click();
  await expect(onNow(page, 'HTTP errors')).toBeVisible();
  await shop.placed();
  await expect(onNow(page, 'HTTP errors')).toContainText('biting');

  await page.goto('/');
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'inference', exact: true }) });
  const rates = row.getByRole('img', { name: /^Requests per second of inference/ });
  await expect(rates).toHaveAccessibleName(/Faults on purpose: HTTP errors on inference, still on/);
  await expect(rates.locator('[data-slot=fault-band]')).toHaveCount(1);
  await expectAccessibleInBothThemes(page);
});

test('from an edge of the map, by keyboard: it is marked there and on the order’s axis, and no longer once it ends', async ({
  page,
  shop,
}) => {
  await page.goto('/map?place=billing');
  await expectLive(page);
  await tabTo(page, page.getByRole('link', { name: 'Arm a fault on billing → payments' }));
  await page.keyboard.press('Enter');
  await expectLoaded(page, 'Chaos');
  const form = page.getByRole('form', { name: 'Arm Latency on an edge' });
  await expect(form.getByLabel('Target')).toHaveValue('billing-payments-http');
  await tabTo(page, form.getByRole('button', { name: 'Arm' }));
  await page.keyboard.press('Enter');
  const row = onNow(page, 'Latency on an edge');
  await expect(row).toContainText('billing-payments-http');

  const orderId = await shop.placed();
  await shop.finished(orderId);
  await expect(row).toContainText('biting');
  await page.goto('/map');
  await expectLive(page);
  const marks = page.locator('[data-slot=fault-mark]');
  await expect(marks).toHaveText('Latency on an edge');
  await expect(page.getByText(/Faults on purpose: Latency on an edge on billing → payments\./)).toBeAttached();
  await expectAccessibleInBothThemes(page);
  await page.goto('/map?view=table');
  await expect(page.getByRole('link', { name: 'Latency on an edge is on billing → payments' })).toBeVisible();

  await page.goto(`/orders/${orderId}`);
  await expectLive(page);
  const lane = page.getByRole('region', { name: 'Faults on purpose' }).getByRole('listitem');
  await expect(lane).toHaveText(/Latency on an edge on billing-payments-http, since −.* still on/);
  await expectAccessibleInBothThemes(page);

  await page.goto('/chaos');
  await page.getByRole('button', { name: 'Stop Latency on an edge on billing-payments-http' }).press('Enter');
  await expect(page.getByText('No fault is on')).toBeVisible();
  await page.goto('/map');
  await expectLive(page);
  await expect(marks).toHaveCount(0);
  await page.goto(`/orders/${orderId}`);
  await expect(lane).toHaveText(/Latency on an edge on billing-payments-http, from −.* to /);
  const later = await shop.placed();
  await shop.finished(later);
  await page.goto(`/orders/${later}`);
  await expect(lane).toHaveText('none while it ran');
});

test('an edge and a place of the map open with their fault', async ({ page, fleet }) => {
  await openChaos(fleet).inject({ fault: 'slow-consumer', target: 'workers', ttlMs: 120_000 });
  await page.goto('/map');
  await expectLive(page);
  await expect(page.locator('[data-place=workers]')).toHaveAccessibleName(/fault on purpose: Slow consumer/);
  const panel = page.getByRole('complementary', { name: 'Edge gateway → orders' });
  const way = page.locator('.react-flow__edge[data-id="gateway http orders"] path').first();
  // The map fits itself anew to its frame when the bar of the fault comes: what is measured may have moved.
  await expect(async () => {
    const point = await way.evaluate((path: SVGPathElement) => {
      const at = path.getPointAtLength(path.getTotalLength() * 0.2).matrixTransform(path.getScreenCTM() ?? undefined);
      return { x: at.x, y: at.y };
    });
    await page.mouse.click(point.x, point.y);
    await expect(panel).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await expect(panel).toContainText('None.');
  await panel.getByRole('link', { name: 'Arm a fault…' }).click();
  await expect(page.getByRole('form', { name: /^Arm / }).getByLabel('Target')).toHaveValue('gateway-orders-http');

  await page.goto('/map?place=workers');
  const place = page.getByRole('complementary', { name: 'Process workers' });
  await expect(place).toContainText('On purpose: Slow consumer');
  await place.getByRole('link', { name: 'Arm a fault…' }).click();
  await expect(page.getByText('Slow consumer is on this target.')).toBeVisible();
});

test('from an arrow of the saga: each link is filled in, and what it arms bites there', async ({
  page,
  shop,
  fleet,
}) => {
  const chaos = openChaos(fleet);
  const catalogue = FaultDescription.array().parse((await chaos.request('GET', '/catalogue')).body);
  const fits = ({ searchParams }: URL) =>
    catalogue
      .find(({ name }) => name === searchParams.get('fault'))
      ?.targets.some(({ id }) => id === searchParams.get('target')) ?? false;
  const first = await shop.placed({ payment: { token: 'tok_declined' } });
  await shop.finished(first);
  await page.goto(`/orders/${first}`);
  await expectLive(page);
  const arrows = page.getByRole('button', { name: /^Arm a fault on / });
  await expect(arrows.first()).toBeAttached();
  for (const arrow of await arrows.all()) {
    await arrow.press('Enter');
    const links = page.getByRole('menu').getByRole('menuitem');
    await expect(links.first()).toBeVisible();
    const hrefs = await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    const wrong = hrefs.map((href) => new URL(href)).filter((url) => url.searchParams.has('fault') && !fits(url));
    expect(wrong.map(String)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toHaveCount(0);
  }

  await page.getByRole('button', { name: 'Arm a fault on Reserved → Payment failed' }).press('Enter');
  await expectAccessibleInBothThemes(page);
  await page.getByRole('menuitem', { name: 'Billing dies between charge and record' }).click();
  const form = page.getByRole('form', { name: 'Arm Crash between charge and record' });
  await expect(form.getByLabel('Target')).toHaveValue('billing');
  await form.getByRole('button', { name: 'Arm' }).click();
  await expect(onNow(page, 'Crash between charge and record')).toBeVisible();
  const orderId = await shop.placed();
  const { order } = await shop.finished(orderId, 60_000);
  expect(order.status).toBe('confirmed');
  await page.goto(`/orders/${orderId}`);
  await expect(page.getByRole('region', { name: 'Faults on purpose' }).getByRole('listitem')).toContainText(
    'Crash between charge and record on billing',
  );
});

test('from an order that runs: the fault is for that order alone', async ({ page, shop, fleet }) => {
  // Nobody reserves, so it runs for as long as this takes.
  await fleet.control('inventory', 'pause');
  try {
    const orderId = await shop.placed();
    await page.goto(`/orders/${orderId}`);
    await page.getByRole('button', { name: 'Break it' }).click();
    const crash = page.getByRole('menuitem', { name: /dies after its commit, before publishing/ });
    await expect(crash).toHaveAttribute('href', new RegExp(`order=${orderId}`));
    await crash.click();
    await expect(page.getByRole('form', { name: /^Arm / }).getByLabel('orderId')).toHaveValue(orderId);
  } finally {
    await fleet.control('inventory', 'resume');
  }
});

test('a fault during a run of load is shaded on its charts', async ({ page, fleet }) => {
  await page.goto('/load?rate=5&seconds=30');
  await expectLive(page);
  await page.getByRole('button', { name: 'Start run' }).click();
  const charts = page.getByRole('region', { name: 'Over time' });
  await expect(charts.getByText('Fault on purpose', { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  await openChaos(fleet).inject({ fault: 'latency', target: 'orders-pricing-grpc', ttlMs: 120_000 });
  await expect(charts.locator('.recharts-reference-area').first()).toBeVisible({ timeout: 30_000 });
  await expect(
    charts.getByText(/Faults on purpose: Latency on an edge on orders-pricing-grpc, since/).first(),
  ).toBeAttached();
  await expectAccessibleInBothThemes(page);
  await page.getByRole('region', { name: /^Run / }).getByRole('button', { name: 'Stop' }).click();
});

test('an address that names what no fault reaches is refused, and nothing else is shown instead', async ({ page }) => {
  await page.goto('/chaos?target=moon');
  await expectLoaded(page, 'Chaos');
  await expect(page.getByRole('alert').filter({ hasText: 'No fault reaches “moon”' })).toBeVisible();
  await expect(page.getByRole('form')).toHaveCount(0);
  await page.goto('/chaos?fault=latency&target=billing');
  await expect(
    page.getByRole('alert').filter({ hasText: 'Latency on an edge cannot be armed on “billing”' }),
  ).toBeVisible();
  await page
    .getByRole('region', { name: 'Fit billing' })
    .getByRole('link', { name: /Crash loop/ })
    .click();
  await expect(page.getByRole('form', { name: 'Arm Crash loop' }).getByLabel('Target')).toHaveValue('billing');
  await expectAccessibleInBothThemes(page);
});
