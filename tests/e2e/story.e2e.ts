import { pathToFileURL } from 'node:url';
import { expect, expectAccessible, expectLive, test } from './fixtures.ts';

test('spans, messages, rows and log lines of an order line up on one time axis, walked by keyboard', async ({
  page,
  shop,
}) => {
  const orderId = await shop.placed();
  await shop.finished(orderId);
  await page.goto(`/orders/${orderId}`);
  await expectLive(page);
  const axis = page.getByRole('listbox', { name: 'Everything on one time axis' });
  for (const lane of [
    'States: order',
    'Messages: billing.events',
    'Outbox: orders',
    'Inbox: billing',
    'Spans: payments',
    'Logs: inventory',
  ]) {
    await expect(axis.getByRole('group', { name: lane, exact: true }).getByRole('option').first()).toBeVisible();
  }
  const [message, inbox] = await Promise.all([
    axis.getByRole('option', { name: /^Message, inventory\.reserved/ }).boundingBox(),
    axis.getByRole('group', { name: 'Inbox: billing' }).getByRole('option').first().boundingBox(),
  ]);
  // The message lies in its topic until its last reader took it: billing began no later than that.
  expect(inbox?.x).toBeLessThanOrEqual((message?.x ?? 0) + (message?.width ?? 0) + 1);

  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const panel = page.locator('[data-slot=side-panel]');
  await expect(panel).toBeVisible();
  const first = page.url();
  await page.keyboard.press('j');
  await expect.poll(() => page.url()).not.toBe(first);
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();

  await axis.getByRole('option', { name: /^Outbox row, payment\.succeeded/ }).click();
  await expect(panel).toContainText('Published');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect(page).toHaveURL(/window=/);
  await page.getByRole('button', { name: 'Show the whole story' }).click();
  await expect(page).not.toHaveURL(/window=/);
});

test('an exported story opens from a file, without the tool and without a network', async ({
  page,
  shop,
  browser,
}, testInfo) => {
  const orderId = await shop.placed({ payment: { token: 'tok_declined' } });
  await shop.finished(orderId);
  await page.goto(`/orders/${orderId}`);
  await expectLive(page);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export the story as an HTML file' }).click();
  const file = testInfo.outputPath('order.html');
  await (await download).saveAs(file);

  const offline = await browser.newContext({ offline: true, colorScheme: 'dark' });
  const reader = await offline.newPage();
  const asked: string[] = [];
  const complaints: string[] = [];
  reader.on('request', (request) => asked.push(request.url()));
  reader.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await reader.goto(pathToFileURL(file).href);
  await expect(reader.getByRole('heading', { level: 1 })).toContainText(orderId);
  await expect(reader.getByText('payment failed').first()).toBeVisible();

  await reader.locator('.bar[data-kind=message][title^="payment.failed"]').click();
  const body = reader.getByRole('region', { name: 'Message: payment.failed' });
  await expect(body).toContainText('card_declined');
  await expect(body).toContainText('billing.events');
  await expectAccessible(reader);
  await reader.getByRole('link', { name: 'Close' }).and(reader.locator(':visible')).click();
  await expect(body).toBeHidden();

  const axis = reader.locator('.axis');
  const before = (await axis.boundingBox())?.width ?? 0;
  await reader.getByLabel('4×').check();
  expect((await axis.boundingBox())?.width ?? 0).toBeGreaterThan(before * 3);
  await reader.getByLabel('Spans').uncheck();
  await expect(reader.locator('.bar[data-kind=span]').first()).toBeHidden();
  await reader.locator('#rows summary').click();
  await reader.locator('#rows').getByRole('link', { name: 'inventory.released' }).first().press('Enter');
  await expect(reader.locator('.body:target')).toContainText('inventory.released');
  await expectAccessible(reader);
  expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([]);
  expect(complaints).toEqual([]);
  await offline.close();
});
