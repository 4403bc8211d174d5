import { expect as impatient, type Locator, type Page } from '@playwright/test';

/** Pages of a machine that runs the whole fleet besides take their time. */
export const expect = impatient.configure({ timeout: 30_000 });

/** Whatever takes a fleet a while: an order's end, a process that comes back. */
export const ended = { timeout: 60_000 };

export const status = (page: Page): Locator => page.locator('[data-slot=top-bar]');

export const menu = (page: Page, title: string): Locator =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: title });

export async function loaded(page: Page, title: string | RegExp): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page.locator('main [data-slot=skeleton]')).toHaveCount(0);
}

/** Opens a page with a stream; once that runs, the page reacts to a click. */
export async function openLive(page: Page, address: string, title: string): Promise<void> {
  await page.goto(address);
  await loaded(page, title);
  await expect(page.getByRole('button', { name: /^Live.*pause live data/ })).toBeVisible();
}

/** From wherever the menu is to the page where an order is made. */
export async function openNewOrder(page: Page): Promise<void> {
  await menu(page, 'Orders').click();
  await loaded(page, 'Orders');
  await page.getByRole('link', { name: 'Place an order' }).click();
  await loaded(page, 'Place an order');
}

/** The panel of the newest load run. */
export const loadRun = (page: Page): Locator => page.getByRole('region', { name: /^Run \d{6}-/ });

/** Starts the load that the page is set to, and waits until its orders come. */
export async function startLoad(page: Page): Promise<void> {
  const heading = loadRun(page).getByRole('heading', { level: 2 });
  const name = async () => ((await heading.count()) === 0 ? null : heading.textContent());
  const before = await name();
  await page.getByRole('button', { name: 'Start run' }).click();
  await expect.poll(name, ended).not.toBe(before);
}
