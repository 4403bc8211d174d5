import { openChaos } from '../support/chaos.ts';
import { expect, expectAccessible, expectLoaded, openPalette, test } from './fixtures.ts';

test.afterEach(async ({ fleet }) => {
  const chaos = openChaos(fleet);
  await chaos.request('POST', '/stop-all', { reason: 'the story is over' });
  for (const run of (await chaos.state()).faults) await chaos.becomes(run.id, 'reverted');
  await chaos.request('POST', '/release');
});

test('latency on an edge is armed, bites, is seen on every page, and stop all ends it', async ({ page, shop }) => {
  await page.goto('/chaos?fault=latency&target=gateway-orders-http');
  await expectLoaded(page, 'Chaos');
  const form = page.getByRole('form', { name: 'Arm Latency on an edge' });
  await expect(form.getByText('Touches gateway, orders')).toBeVisible();

  await form.getByLabel('latencyMs').fill('0');
  await expect(form.getByText('must be 1 – 30000')).toBeVisible();
  await expectAccessible(page);
  await form.getByLabel('latencyMs').fill('150');
  await form.getByLabel('Ends by itself after').selectOption('5 min');
  await form.getByRole('button', { name: 'Arm' }).click();

  const row = page.getByRole('region', { name: 'Active faults' }).getByRole('row').filter({ hasText: 'Latency' });
  await expect(row.first()).toContainText('gateway-orders-http');
  await shop.placed();
  await expect(row.first()).toContainText('biting');
  await expectAccessible(page);

  await page.goto('/orders');
  const bar = page.locator('[data-slot=chaos-bar]');
  await expect(bar).toContainText(/Latency on an edge on gateway-orders-http, biting, \d+ hits, ends in \d+ m/);
  await bar.getByRole('button', { name: 'Stop all' }).click();
  await expect(bar).toContainText('Faults are stopped');

  await page.goto('/chaos');
  const earlier = page.getByRole('region', { name: 'Earlier faults' }).getByRole('row');
  await expect(earlier.nth(1)).toContainText('stop all');
  await expect(page.getByText('All faults are stopped: stopped by hand. Release them first.')).toBeVisible();
  await bar.getByRole('button', { name: 'Release' }).click();
  await expect(bar).toBeHidden();
});

test('what a fault broke is shown as injected, and stop all is in the palette', async ({ page, fleet, shop }) => {
  const heading = page.getByRole('heading', { level: 2, name: 'Processes' });
  const before = await heading.boundingBox();
  await openChaos(fleet).inject({ fault: 'connection-refused', target: 'gateway-orders-http', ttlMs: 120_000 });
  const refused = await shop.place({});
  expect(refused.status).toBeGreaterThanOrEqual(500);
  const bar = page.locator('[data-slot=chaos-bar]');
  await expect(bar).toContainText('Connection refused');
  expect(await heading.boundingBox(), 'a fault that begins moves nothing').toEqual(before);
  const palette = await openPalette(page);
  await page.keyboard.type('stop all faults');
  await expect(palette.getByRole('option', { selected: true })).toContainText('Stop all faults');
  await page.keyboard.press('Enter');
  await expect(bar).toContainText('Faults are stopped');

  const row = page.getByRole('region', { name: 'Processes' }).getByRole('row').filter({ hasText: 'gateway' });
  await expect(row.first()).toContainText(/% · [\d.]+ injected/);
  await page.goto(`/traces/${refused.body.traceId}`);
  await expectLoaded(page, 'gateway POST /orders');
  await expect(page.getByRole('row').filter({ hasText: 'touched by connection-refused' }).first()).toBeVisible();
  await expect(page.getByText(/\d · \d injected/).first()).toBeVisible();
  await page.getByRole('link', { name: 'connection-refused' }).first().click();
  await expectLoaded(page, 'Chaos');
});
