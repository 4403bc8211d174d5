import { HistoryLine, LoadRun } from '#contracts/sandbox/load.ts';
import { expect, expectAccessible, expectLive, test } from './fixtures.ts';

/** A run that a failed story leaves behind would drown the stories after it. */
test.afterEach(async ({ fleet }) => {
  const { endpoints } = fleet.state();
  const headers = { authorization: `Bearer ${fleet.secrets().controlToken}` };
  const runs = LoadRun.array().parse(await (await fetch(`${endpoints.control}/v1/load`, { headers })).json());
  for (const { run } of runs.filter(({ endedAt }) => endedAt === null))
    await fetch(`${endpoints.control}/v1/load/${run}`, { method: 'DELETE', headers });
});

test('a run is started at 10 a second, steered, read and stopped', async ({ page }) => {
  await page.goto('/load?rate=10&seconds=120&declined=20');
  await expectLive(page);
  await page.getByRole('button', { name: 'Start run' }).click();
  const run = page.getByRole('region', { name: /^Run \d{6}-[0-9a-f]{4}/ });
  await expect(run.getByRole('status')).toHaveText('placing orders', { timeout: 30_000 });
  await expect(page.getByRole('button', { name: 'Start run' })).toBeDisabled();

  const percentile = (row: string, name: string) => page.locator(`[data-latency="${row}"] [data-percentile="${name}"]`);
  await expect(percentile('Accepted', 'p95')).toHaveText(/[\d.]+\s?(ms|s)/, { timeout: 30_000 });
  await expect(percentile('Saga ended', 'p50')).toHaveText(/[\d.]+\s?(ms|s)/, { timeout: 30_000 });

  const slider = run.getByRole('slider', { name: 'Rate of this run' });
  await slider.focus();
  const changed = page.waitForResponse(/load\.changeRate/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuetext', '20 per second');
  await changed;
  await page.reload();
  await expect(run.getByRole('slider', { name: 'Rate of this run' })).toHaveAttribute(
    'aria-valuetext',
    '20 per second',
  );

  await expectAccessible(page);
  await run.getByRole('button', { name: 'Stop' }).click();
  await expect(run.getByRole('status')).toHaveText('stopped', { timeout: 90_000 });
  const label = await run.getByRole('img', { name: /due$/ }).getAttribute('aria-label');
  const [confirmed, cancelled, open, , , due] = (label?.match(/\d+/g) ?? []).map(Number);
  expect(open).toBe(0);
  expect(confirmed).toBeGreaterThan(0);
  expect((confirmed ?? 0) + (cancelled ?? 0)).toBeLessThanOrEqual(due ?? 0);

  const downloading = page.waitForEvent('download');
  await run.getByRole('link', { name: 'Download the client history' }).click();
  const download = await downloading;
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString().trimEnd().split('\n');
  const placed = lines
    .map((line) => HistoryLine.parse(JSON.parse(line)))
    .filter(({ op, type }) => op === 'place' && type === 'invoke');
  expect(placed).toHaveLength(due ?? 0);
});

test('a plan is its address, and what is absurd is said where it is', async ({ page }) => {
  await page.goto('/load?rate=50&seconds=5&seed=7&arrivals=constant');
  await expectLive(page);
  await expect(page.getByLabel('Orders per second, exact')).toHaveValue('50');
  await expect(page.getByRole('radio', { name: 'Constant' })).toBeChecked();
  await page.getByLabel('Seconds').fill('99999');
  await expect(page.getByText('1 to 3600')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start run' })).toBeDisabled();
  await expect(page).toHaveURL(/seconds=99999/);
});
