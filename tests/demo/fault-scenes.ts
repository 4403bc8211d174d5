import type { Locator, Page } from '@playwright/test';
import { ended, expect, loaded, loadRun, menu, openLive, openNewOrder, startLoad, status } from './page-parts.ts';
import type { Stage } from './stage.ts';

const bar = (page: Page): Locator => page.locator('[data-slot=chaos-bar]');

/** The form of a fault, found in the catalogue. */
async function openFault(page: Page, title: string): Promise<Locator> {
  await menu(page, 'Chaos').click();
  await loaded(page, 'Chaos');
  await page.getByRole('link', { name: title }).click();
  return page.getByRole('form', { name: `Arm ${title}` });
}

/** The broker dies: orders are accepted all the same, and end when it is back. */
export async function brokerOutage({ page, say, photograph, dwell }: Stage): Promise<void> {
  const form = await openFault(page, 'Broker down');
  await say('What if the broker dies? Whatever a service has to say to another goes through it.');
  await form.getByLabel('Ends by itself after').selectOption('5 min');
  await form.getByRole('button', { name: 'Arm' }).click();
  await expect(bar(page)).toContainText('biting', ended);
  await photograph('broker-down');

  try {
    await openLive(page, '/load?rate=5&orders=20', 'Load');
    await startLoad(page);
    await expect(loadRun(page).getByRole('status')).toHaveText(/^waiting/, ended);
    await say('Twenty orders, and each is accepted. What has to be said of it waits in the outbox.');
    await dwell();
    await photograph('broker-down-orders-accepted');
  } finally {
    await bar(page).getByRole('button', { name: 'Stop all' }).click();
    await bar(page).getByRole('button', { name: 'Release' }).click();
  }
  await expect(bar(page)).toBeHidden(ended);
  await say('The broker is back. The outboxes are published, in order, and the sagas go on where they stood.');
  await expect(loadRun(page).getByRole('status')).toHaveText('finished', ended);
  await say('Every order has ended, and none was lost.');
  await photograph('broker-back-orders-ended');
}

/** Billing dies between the charge and its record: the customer is charged once. */
export async function crashAfterCharge({ page, say, photograph, dwell }: Stage): Promise<void> {
  const form = await openFault(page, 'Crash between charge and record');
  await say('And if billing dies just when the card is charged, and has noted nothing yet?');
  await form.getByRole('button', { name: 'Arm' }).click();
  await expect(bar(page)).toContainText('armed', ended);
  await photograph('crash-after-charge-armed');

  await openNewOrder(page);
  await page.getByRole('button', { name: 'Place order' }).click();
  await page.waitForURL(/\/orders\/[0-9a-f]{8}-/);
  await say('It is killed right there, started again, and given the same message once more.');
  await expect(status(page)).toContainText('Confirmed', ended);
  await dwell();
  await photograph('crash-after-charge-confirmed');

  await openLive(page, '/proof?verdict=S3', 'Proof');
  await expect(page.getByText('One capture per order').first()).toBeVisible();
  await say('The auditor compares our books with those of the provider: each order was charged once.');
  await photograph('charged-once');
}
