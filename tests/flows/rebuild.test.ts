import { expect, test } from 'vitest';
import { ReadModel } from '#contracts/http/history.ts';
import { rebuiltWithoutChange } from '../support/rebuilt.ts';
import { until } from '../support/until.ts';
import { onFleet } from './fixture.ts';

const { fleet, shop } = await onFleet();

test('the read model is rebuilt while orders are placed, and no order looks otherwise after it', async () => {
  const first = await Promise.all(Array.from({ length: 5 }, () => shop.placed()));
  for (const id of first) await shop.finished(id);
  const rebuilding = rebuiltWithoutChange(fleet);
  const meanwhile = await Promise.all(Array.from({ length: 5 }, () => shop.placed()));
  await rebuilding;

  for (const id of meanwhile) expect((await shop.finished(id)).order.status).toBe('confirmed');
  for (const id of first) expect((await shop.finished(id)).order.status).toBe('confirmed');
  await until('history has taken in everything', async () => {
    const status = await fleet.orrery(['history', 'status', '--json']);
    const { lag, orders } = ReadModel.parse(JSON.parse(status.stdout));
    return lag === 0 && orders >= 10 ? true : null;
  });
});
