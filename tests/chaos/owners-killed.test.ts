import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isActive } from '#contracts/sandbox/chaos-limits.ts';
import { ExperimentRun } from '#contracts/sandbox/experiments.ts';
import { startMark } from '#sandbox/supervisor/process-table.ts';
import { type ChaosClient, openChaos } from '../support/chaos.ts';
import { type AskDatabases, askDatabases } from '../support/databases.ts';
import { experimentFile, faultStep } from '../support/experiment-file.ts';
import { finalAudit } from '../support/final-audit.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { openShop } from '../support/shop.ts';
import { until } from '../support/until.ts';

/*
 * What holds a fault is stopped or killed in the middle: after its time nothing is on any more, seen from outside and
 * not by the word of the engine. A fleet of its own, because its supervisor is killed.
 */
let fleet: Fleet;
let chaos: ChaosClient;
let ask: AskDatabases;

beforeAll(async () => {
  fleet = await startFleet({ without: ['console'] });
  chaos = openChaos(fleet);
  ask = askDatabases(fleet);
});
afterAll(() => fleet?.stop());

/** `T` is stopped. */
const stateOf = (pid: number) => execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })[0];
const stockIsFree = () =>
  ask('inventory', 'begin; lock table stock in row exclusive mode nowait; rollback').then(
    () => true,
    () => false,
  );
const fault = (name: string, target: string, parameters = {}) =>
  faultStep(name, target, { at: '0s', for: '60s', parameters });

async function pidOf(name: string): Promise<number> {
  const { pid } = await fleet.process(name);
  if (pid === null) throw new Error(`${name} does not run`);
  return pid;
}

/** Starts it and waits until all its faults are on. */
async function experimentWith(method: ReturnType<typeof fault>[]): Promise<string> {
  const experiment = experimentFile({ title: 'owners are killed', load: { rate: 4, for: '3s' }, method });
  const { run } = ExperimentRun.parse(await fleet.request('/v1/experiments/runs', 'POST', { experiment }));
  await until('all faults of the experiment are on', async () => {
    const on = (await chaos.state()).faults.filter(isActive).map((known) => known.fault);
    if (method.some(({ name }) => !on.includes(name))) throw new Error(`on are ${on.join(', ')}`);
    return true;
  });
  return run;
}

const experimentRun = async (run: string) =>
  ExperimentRun.parse(await fleet.request(`/v1/experiments/runs/${run}`, 'GET'));

async function ordersAreConfirmed(): Promise<void> {
  const shop = await until('the shop is open', () => openShop(fleet));
  const id = await until('an order is accepted', () => shop.placed(), { withinMs: 60_000 });
  expect((await shop.finished(id, 60_000)).order.status).toBe('confirmed');
}

test('a service that is stopped does not hold its lock on a table beyond its time', async () => {
  const pid = await pidOf('inventory');
  const order = { fault: 'table-locked', target: 'inventory', parameters: { table: 'stock' }, ttlMs: 3_000 };
  const { id } = await chaos.inject(order);
  await until('the table is locked', async () => ((await stockIsFree()) ? null : true));
  process.kill(pid, 'SIGSTOP');
  try {
    // Well below the 30 s after which Postgres ends any transaction that does nothing.
    await until('the table is free', async () => ((await stockIsFree()) ? true : null), { withinMs: 15_000 });
    expect(stateOf(pid)).toBe('T');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await chaos.becomes(id, 'reverted');
});

test('the proxy is killed during an experiment: what it held is gone, what others hold ends with its lease', async () => {
  const run = await experimentWith([fault('black-hole', 'gateway-orders-http')]);
  const { id } = await chaos.inject({ fault: 'freeze', target: 'workers', ttlMs: 3_000 });
  process.kill(await pidOf('toxics'), 'SIGKILL');
  expect(await chaos.becomes(id, 'reverted')).toMatchObject({ endedBy: 'lease' });
  await ordersAreConfirmed();
  const over = await until('the experiment is over', async () => {
    const now = await experimentRun(run);
    return now.phase === 'over' ? now : null;
  });
  expect(over.faults[0]?.run).toMatchObject({ state: 'reverted', endedBy: 'injector-gone' });
  expect((await chaos.state()).faults.filter(isActive)).toEqual([]);
});

test('the supervisor is killed during an experiment: nothing is on after its time, and the next start knows', async () => {
  await fleet.recovered();
  const run = await experimentWith([
    fault('black-hole', 'gateway-orders-http'),
    fault('connection-refused', 'billing-payments-http'),
    fault('http-errors', 'history'),
    fault('crash-after-commit', 'orders', { skip: 10_000 }),
    fault('crash-loop', 'pricing', { crashes: 10 }),
    fault('table-locked', 'inventory', { table: 'stock' }),
    fault('broker-down', 'broker'),
  ]);
  const frozen = await pidOf('workers');
  await chaos.inject({ fault: 'freeze', target: 'workers', ttlMs: 4_000 });
  const { supervisor, processes } = fleet.state();
  const on = (await chaos.state()).faults.filter(isActive).map(({ id }) => id);
  expect(on).toHaveLength(8);
  process.kill(supervisor.pid, 'SIGKILL');
  expect(stateOf(frozen)).toBe('T');

  const pids = Object.values(processes).flatMap(({ pid }) => (pid === null ? [] : [pid]));
  await until(
    'every process of the fleet, the stopped one too, has noticed and ended',
    async () => {
      const left = await Promise.all(pids.map(startMark));
      return left.every((mark) => mark === null) ? true : null;
    },
    { withinMs: 60_000 },
  );

  const { code, stderr } = await fleet.orrery(['up', '--detach', '--json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const { faults } = await chaos.state();
  const known = on.map((id) => faults.find((one) => one.id === id));
  expect(known.map((one) => [one?.state, one?.endedBy])).toEqual(on.map(() => ['reverted', 'restart']));
  expect(await experimentRun(run)).toMatchObject({ phase: 'over', outcome: 'stopped' });
  expect(await stockIsFree()).toBe(true);
  await ordersAreConfirmed();
  expect(await finalAudit(fleet)).toEqual(expect.arrayContaining(['S1', 'S3', 'S4', 'S6', 'L1', 'L3']));
});
