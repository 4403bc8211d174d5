import { ended, expect, loaded, menu, openLive, openNewOrder, startLoad, status } from './page-parts.ts';
import type { Stage } from './stage.ts';

/** The happy path: from a search to a confirmed order, and what it left behind. */
export async function happyPath({ page, say, photograph, dwell }: Stage): Promise<void> {
  await loaded(page, 'Overview');
  await say('Every process of the fleet is real, and here on this machine.');
  await photograph('overview');

  await openNewOrder(page);
  await say('The catalogue is searched by meaning.');
  const search = page.getByRole('searchbox', { name: 'Search the catalogue by meaning' });
  await search.pressSequentially('something warm for cold mornings', { delay: 30 });
  await expect(page.getByRole('status').filter({ hasText: /found in/ })).toBeVisible();
  await dwell();
  await page.getByRole('region', { name: 'Products' }).getByRole('button', { name: /^Add/ }).first().click();
  await photograph('place-an-order');
  await page.getByRole('button', { name: 'Place order' }).click();

  await page.waitForURL(/\/orders\/[0-9a-f]{8}-/);
  await say('The saga moves by events: screened, reserved, paid, confirmed.');
  await expect(status(page)).toContainText('Confirmed', ended);
  await dwell();
  await photograph('order-confirmed');

  await page.getByRole('link', { name: /^[0-9a-f]{8}$/ }).click();
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
  await expect(page.getByRole('treegrid')).toBeVisible();
  await say('One order is one trace, from the gateway through SQL and topics to the invoice.');
  await photograph('trace');
}

/** Many orders at once, seen as traffic. */
export async function traffic({ page, say, photograph, dwell }: Stage): Promise<void> {
  await openLive(page, '/load?rate=10&orders=30', 'Load');
  await startLoad(page);
  await menu(page, 'Map').click();
  await loaded(page, 'Map');
  await expect(page.locator('[data-place="gateway"]')).toHaveAccessibleName(/[\d.]+ per second/, ended);
  await say('Thirty orders, with a few declined cards among them, as traffic between the parts.');
  await dwell(2);
  await photograph('map');
}

/** The payment fails: what was reserved is given back, nothing is charged. */
export async function paymentFailure({ page, say, photograph, dwell }: Stage): Promise<void> {
  await openNewOrder(page);
  await page.getByRole('radio', { name: /^Declined card/ }).click();
  await say('The same order with a card that the provider declines.');
  await page.getByRole('button', { name: 'Place order' }).click();
  await page.waitForURL(/\/orders\/[0-9a-f]{8}-/);
  await expect(status(page)).toContainText('Cancelled', ended);
  await say('The payment failed, so the reservation is released and the order cancelled.');
  await photograph('order-cancelled');
  await page.getByRole('radio', { name: 'Table' }).click();
  await dwell();
  await photograph('order-cancelled-steps');

  const orderId = /orders\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
  await page.goto(`/logs?q=${encodeURIComponent(`order:${orderId}`)}`);
  await loaded(page, 'Logs');
  const line = page
    .getByRole('grid')
    .getByRole('row')
    .filter({ hasText: /payment (failed|declined|refused)/ });
  await line.first().click();
  await say('What each service said about it, and the lines around.');
  await photograph('logs');
}
