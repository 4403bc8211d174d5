import { expect, test } from 'vitest';
import { ReadModel, Rebuild } from '#contracts/http/history.ts';
import { until } from '../support/until.ts';
import { onFleet } from './fixture.ts';

const { fleet, shop } = await onFleet();

test('the read model is rebuilt while orders are placed, and no order looks otherwise after it', async () => {
  const first = await Promise.all(Array.from({ length: 5 }, () => shop.placed()));
  for (const id of first) await shop.finished(id);
  const rebuilding = fleet.orrery(['history', 'rebuild', '--json']);
  const meanwhile = await Promise.all(Array.from({ length: 5 }, () => shop.placed()));
  const { code, stdout, stderr } = await rebuilding;
  expect([code, stderr]).toEqual([0, '']);
  const rebuild = Rebuild.parse(JSON.parse(stdout));
  const logged = (await fleet.request('/v1/processes/history/logs?lines=500')) as { line: string }[];
  const changes = logged.flatMap(({ line }) => (line.includes('not what its events say') ? [line] : []));
  expect(changes).toEqual([]);
  expect(rebuild).toMatchObject({ phase: 'done', restored: 0, changedViews: 0 });
  expect(rebuild.read).toBeGreaterThanOrEqual(rebuild.of);

  for (const id of meanwhile) expect((await shop.finished(id)).order.status).toBe('confirmed');
  for (const id of first) expect((await shop.finished(id)).order.status).toBe('confirmed');
  await until('history has taken in everything', async () => {
    const status = await fleet.orrery(['history', 'status', '--json']);
    const { lag, orders } = ReadModel.parse(JSON.parse(status.stdout));
    return lag === 0 && orders >= 10 ? true : null;
  });
});
