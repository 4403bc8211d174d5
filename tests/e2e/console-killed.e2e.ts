import { openChaos } from '../support/chaos.ts';
import { until } from '../support/until.ts';
import { expect, expectLoaded, test } from './fixtures.ts';

// The browser says so each time that it asks in vain.
test.use({ expectedComplaints: [/net::ERR_|Failed to fetch|502|503/] });

test('the console is killed while a fault is on: the fault ends with its time, and the page that was open says so', async ({
  page,
  fleet,
}) => {
  const chaos = openChaos(fleet);
  await page.goto('/chaos?fault=latency&target=gateway-orders-http');
  await expectLoaded(page, 'Chaos');
  const form = page.getByRole('form', { name: 'Arm Latency on an edge' });
  // The form answers once the page is alive.
  await form.getByLabel('latencyMs').fill('0');
  await expect(form.getByText('must be 1 – 30000')).toBeVisible();
  await form.getByLabel('latencyMs').fill('150');
  await form.getByLabel('Ends by itself after').selectOption('10 s');
  await form.getByRole('button', { name: 'Arm' }).click();
  const bar = page.locator('[data-slot=chaos-bar]');
  await expect(bar).toContainText('gateway-orders-http');
  const armed = (await chaos.state()).faults[0];
  if (armed === undefined) throw new Error('the page shows a fault that the engine does not know');

  const { pid } = await fleet.process('console');
  if (pid === null) throw new Error('the console does not run');
  process.kill(pid, 'SIGKILL');
  expect(await chaos.becomes(armed.id, 'reverted')).toMatchObject({ ttlMs: 10_000, endedBy: 'lease' });
  await until(
    'the supervisor has started the console again',
    async () => {
      const now = await fleet.process('console');
      return now.state === 'running' && now.pid !== pid ? true : null;
    },
    { withinMs: 60_000 },
  );

  // Nobody reloads: the streams come back by themselves.
  await expect(bar).toBeHidden({ timeout: 30_000 });
  const earlier = page.getByRole('region', { name: 'Earlier faults' }).getByRole('row').nth(1);
  await expect(earlier).toContainText('Latency on an edge');
  await expect(earlier).toContainText('its time was over');
  await fleet.recovered();
});
