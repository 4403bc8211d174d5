import pg from 'pg';
import type { Fleet } from '../support/fleet.ts';
import { expect, expectAccessible, expectLive, expectLoaded, test } from './fixtures.ts';

// A final audit waits until nothing moves any more.
test.describe.configure({ timeout: 180_000 });

const verdict = (id: string) => `tr[data-verdict="${id}"]`;

test('the board shows what must hold, with evidence that grows as orders come', async ({ page, shop }) => {
  await shop.finished(await shop.placed());
  await page.goto('/proof');
  await expectLoaded(page, 'Proof');
  await expectLive(page);
  await expect(page.getByRole('region', { name: 'Safety' }).first()).toBeVisible();
  await expect(page.locator(verdict('S3'))).toContainText(/Valid.*[\d ]+ orders/, { timeout: 60_000 });
  await page.locator(verdict('S3')).getByRole('button').press('Enter');
  const panel = page.getByRole('complementary', { name: 'Invariant S3' });
  await expect(panel).toContainText('The provider has taken the money of an order at most once');
  await expect(page).toHaveURL(/verdict=S3/);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
});

test('a final audit shows its phases; damage turns its invariant red with the order, and mended it is green again', async ({
  page,
  shop,
  fleet,
}) => {
  const id = await shop.placed();
  await shop.finished(id);
  await page.goto('/proof');
  await expectLive(page);
  const run = page.getByRole('button', { name: 'Run final audit' });
  await takeInvoice(fleet, id);
  try {
    await run.click();
    await expect(page.locator('[data-slot=final][data-state=done]')).toBeVisible({ timeout: 120_000 });
    await expect(page.locator('[data-phase=check][data-state=done]')).toBeVisible();
    await expect(page.locator(verdict('L6'))).toContainText('Invalid');
    await page.locator(verdict('L6')).getByRole('button').click();
    const counterexample = page.locator('[data-slot=counterexample]');
    await expect(counterexample.getByRole('link', { name: id })).toHaveAttribute('href', `/orders/${id}`);
    await expect(counterexample.locator('[data-slot=timeline]')).toContainText('payment.succeeded');
    await expectAccessible(page);
  } finally {
    await giveInvoiceBack(fleet);
  }
  await run.click();
  await expect(page.locator('[data-slot=final][data-state=running]')).toBeVisible();
  await expect(page.locator('[data-slot=final][data-state=done]')).toBeVisible({ timeout: 120_000 });
  await expect(page.locator(verdict('L6'))).toContainText('Valid');
});

test('the overview tells in one line how many invariants hold, and leads to them', async ({ page }) => {
  await page.goto('/');
  const line = page.getByRole('region', { name: 'Invariants' });
  await expect(line).toContainText(/\d+ valid/);
  await line.getByRole('link', { name: 'Proof' }).click();
  await expectLoaded(page, 'Proof');
});

async function asSuperuser(fleet: Fleet, statements: [sql: string, values?: unknown[]][]): Promise<void> {
  const [host = '', port] = fleet.state().endpoints.postgres.split(':');
  const password = fleet.secrets().postgresSuperuser;
  const client = new pg.Client({ host, port: Number(port), user: 'postgres', password, database: 'workers' });
  await client.connect();
  try {
    for (const [sql, values] of statements) await client.query(sql, values);
  } finally {
    await client.end();
  }
}

async function takeInvoice(fleet: Fleet, orderId: string): Promise<void> {
  await asSuperuser(fleet, [
    [`create table taken_invoices as select * from invoices where order_id = '${orderId}'`],
    ['delete from invoices where order_id = $1', [orderId]],
  ]);
}

async function giveInvoiceBack(fleet: Fleet): Promise<void> {
  await asSuperuser(fleet, [['insert into invoices select * from taken_invoices'], ['drop table taken_invoices']]);
}
