import { expect, test } from 'vitest';
import { LoadRun } from '#contracts/sandbox/load.ts';
import { onFleet } from '../flows/fixture.ts';
import { openChaos } from '../support/chaos.ts';
import { finalAudit } from '../support/final-audit.ts';
import { until } from '../support/until.ts';

const { fleet, shop } = await onFleet();
const chaos = openChaos(fleet);

const runs = async () => LoadRun.array().parse(await fleet.request('/v1/load'));

test('a traffic spike is shed at the door, what was let in ends, and its load goes with it', async () => {
  await chaos.request('POST', '/release');
  const spike = { fault: 'traffic-spike', target: 'gateway', parameters: { ratePerSecond: 400 }, ttlMs: 60_000 };
  const { id } = await chaos.inject(spike);
  await until(
    'orders are refused because there are too many',
    async () => {
      const [run] = await runs();
      if (run === undefined || !Object.keys(run.errors).some((error) => /^(429|503) /.test(error)))
        throw new Error(`${run?.due} due, ${run?.ok} accepted: ${JSON.stringify(run?.errors)}`);
      return true;
    },
    { withinMs: 50_000 },
  );
  await chaos.becomes(id, 'biting');
  const taken = await chaos.request('POST', '/faults', { ...spike, target: 'gateway' });
  expect(taken).toMatchObject({ status: 409 });
  const gone = await chaos.stop(id);
  expect(gone).toMatchObject({ state: 'reverted', endedBy: 'user' });

  const [run] = await runs();
  expect(run?.phase).toBe('stopped');
  expect(run?.due).toBeGreaterThanOrEqual(gone.hits);
  expect(run?.ok).toBeGreaterThan(0);
  // On a slow machine what was let in takes minutes, and the breaker at the door lets one try through at a time.
  const placed = await until('orders are accepted as usual', () => shop.placed(), { withinMs: 240_000, everyMs: 500 });
  expect((await shop.finished(placed, 120_000)).order.status).toBe('confirmed');
  expect(await finalAudit(fleet)).toEqual(expect.arrayContaining(['S1', 'S2', 'S3', 'S6', 'L1']));
}, 480_000);

test('a spike is refused with the reason while somebody else places orders, whose run goes on', async () => {
  const [before] = await runs();
  const started = LoadRun.parse(await fleet.request('/v1/load', 'POST', { ratePerSecond: 1, seconds: 30 }));
  const refused = await chaos.request('POST', '/faults', { fault: 'traffic-spike', target: 'gateway' });
  expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('a load run goes on') } });
  const [run] = await runs();
  expect(run).toMatchObject({ run: started.run, phase: 'placing' });
  expect(run?.run).not.toBe(before?.run);
  await fleet.request(`/v1/load/${started.run}`, 'DELETE');
});
