import { expect } from 'vitest';
import { Rebuild } from '#contracts/http/history.ts';
import type { Fleet } from './fleet.ts';

/** Rebuilds the read model from the topics and finds that no order looks otherwise; a view that does is shown. */
export async function rebuiltWithoutChange(fleet: Fleet): Promise<Rebuild> {
  const { code, stdout, stderr } = await fleet.orrery(['history', 'rebuild', '--json']);
  expect([code, stderr]).toEqual([0, '']);
  const rebuild = Rebuild.parse(JSON.parse(stdout));
  const logged = (await fleet.request('/v1/processes/history/logs?lines=500')) as { line: string }[];
  const changes = logged.flatMap(({ line }) => (line.includes('not what its events say') ? [line] : []));
  expect(changes).toEqual([]);
  expect(rebuild).toMatchObject({ phase: 'done', restored: 0, changedViews: 0 });
  expect(rebuild.read).toBeGreaterThanOrEqual(rebuild.of);
  return rebuild;
}
