import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Problem } from '#contracts/errors.ts';
import { ChaosState, FaultDescription, FaultRun } from '#contracts/sandbox/chaos.ts';
import { CapturedLine, ProcessStatus, SandboxState } from '#contracts/sandbox/control.ts';
import { fleet } from '../../topology.ts';
import { until } from '../until.ts';
import { type ContainerWorld, containerWorld, edge } from './testing/container-world.ts';

let world: ContainerWorld;

beforeEach(async () => {
  world = await containerWorld();
});
afterEach(async () => {
  const { violations } = world.engine;
  await world.end();
  expect(violations, 'what was asked or answered is not in the API of the engine').toEqual([]);
});

/** Fails where the condition never holds. */
async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  expect(await until(condition, { timeoutMs: 20_000 }), String(condition)).toBe(true);
}

const act = (name: string, action: string) => world.ask('POST', `/processes/${name}/${action}`);
const healthy = async (name: string) => {
  await world.becomes(name, ({ state, pid }) => state === 'starting' && pid !== null);
  world.engine.setHealth(name, 'healthy');
  return world.becomes(name, ({ state }) => state === 'running');
};
const detail = (answer: { body: unknown }) => Problem.parse(answer.body).detail;

describe('processes', () => {
  test('every process of the fleet is there, with what its container tells', async () => {
    const all = ProcessStatus.array().parse((await world.ask('GET', '/processes')).body);
    expect(all.map(({ name }) => name)).toEqual(fleet.processes.map(({ name }) => name));
    expect(all.every(({ state, pid, startedAt }) => state === 'running' && pid !== null && startedAt !== null)).toBe(
      true,
    );
    const state = SandboxState.parse((await world.ask('GET', '/state')).body);
    expect(state.ready).toBe(true);
    // Where they are published, which is not always under their own number.
    expect(state.endpoints).toMatchObject({
      gateway: 'http://127.0.0.1:8080',
      kafka: '127.0.0.1:19092',
      telemetry: 'http://127.0.0.1:4319',
      otlpHttp: 'http://127.0.0.1:4318',
      control: world.controlUrl,
    });
    expect(all.find(({ name }) => name === 'telemetry')?.ports).toEqual({ http: 4_319 });
    expect((await fetch(`${world.controlUrl}/health/live`)).status).toBe(200);
    await world.becomes('orders', ({ memoryBytes }) => memoryBytes === 40 * 2 ** 20);
  });

  test('stop, start, restart, pause and resume reach the container', async () => {
    expect((await act('orders', 'stop')).status).toBe(202);
    await world.becomes('orders', ({ state, pid }) => state === 'stopped' && pid === null);
    expect(world.status('orders').lastExit).toMatchObject({ code: 0, expected: true });
    await act('orders', 'start');
    expect((await healthy('orders')).restarts).toBe(1);
    await act('orders', 'restart');
    expect((await healthy('orders')).restarts).toBe(2);
    await act('orders', 'pause');
    await world.becomes('orders', ({ state }) => state === 'paused');
    await act('orders', 'resume');
    await world.becomes('orders', ({ state }) => state === 'running');
    const asked = world.engine.requests.filter((line) => line.startsWith('POST'));
    expect(asked.map((line) => line.split('/').pop())).toEqual(['stop', 'start', 'restart', 'pause', 'unpause']);
    expect(asked.every((line) => line.startsWith('POST /v1.45/containers/orrery-orders-1/'))).toBe(true);
  });

  test('what is killed comes back by itself, with the signal that ended it', async () => {
    const { pid } = world.status('billing');
    await act('billing', 'kill');
    const up = await healthy('billing');
    const down = world.history.find(({ name, state }) => name === 'billing' && state === 'backoff');
    expect(down?.lastExit).toMatchObject({ signal: 'SIGKILL', expected: false });
    expect(down?.reason).toContain('was ended by SIGKILL');
    expect(down?.nextStartAt).not.toBeNull();
    expect(up.restarts).toBe(1);
    expect(up.pid).not.toBe(pid);
  });

  test('what crashes is restarted by the engine, and its last words are told', async () => {
    world.engine.print('history', 2, '{"level":"fatal","message":"out of ideas"}');
    await eventually(async () => lines('history').then((all) => all.length === 1));
    world.engine.crash('history', 1);
    await world.becomes('history', ({ lastExit }) => lastExit?.code === 1);
    expect(world.status('history').lastExit?.expected).toBe(false);
    expect((await healthy('history')).restarts).toBe(1);
    world.engine.print('history', 1, 'back');
    await eventually(async () => (await lines('history')).length === 2);
    expect((await lines('history')).map(({ stream, line }) => [stream, line])).toEqual([
      ['stderr', '{"level":"fatal","message":"out of ideas"}'],
      ['stdout', 'back'],
    ]);
    expect(world.engine.requests.some((line) => line.startsWith('POST'))).toBe(false);
  });

  test('what somebody else stops stays stopped; checks that fail are degraded', async () => {
    world.engine.act('workers', 'stop');
    await world.becomes('workers', ({ state }) => state === 'stopped');
    expect(world.status('workers').lastExit).toMatchObject({ code: 0, expected: true });
    world.engine.setHealth('orders', 'unhealthy', 'connect ECONNREFUSED');
    const ill = await world.becomes('orders', ({ state }) => state === 'degraded');
    expect(ill.reason).toBe('its health check fails: connect ECONNREFUSED');
  });

  test('refused: an action that the state forbids, a container that is not there, an engine that fails', async () => {
    expect(detail(await act('orders', 'resume'))).toBe('orders is running: resume is not possible now');
    expect((await act('moon', 'stop')).status).toBe(404);
    world.engine.containers.get('orrery-orders-1')?.broken.add('pause');
    await act('orders', 'pause');
    await world.becomes('orders', ({ reason }) => reason === 'pause failed: Docker: OCI runtime pause failed');
    world.engine.containers.delete('orrery-payments-1');
    const gone = await world.becomes('payments', ({ state }) => state === 'stopped');
    expect(gone.reason).toContain('there is no container orrery-payments-1');
    expect(detail(await act('payments', 'start'))).toContain('`docker compose up` makes it');
    world.engine.add('telemetry', { status: 'created' });
    await world.becomes('telemetry', ({ state }) => state === 'waiting');
    expect(detail(await act('telemetry', 'stop'))).toContain('Docker Compose starts it');
    expect(detail(await world.ask('POST', '/shutdown'))).toContain('docker compose -f compose/compose.yaml down');
  });

  test('a container of another project or service is not ours, whatever it is called', async () => {
    const stranger = world.engine.containers.get('orrery-orders-1');
    if (stranger) stranger.labels['com.docker.compose.project'] = 'shop';
    await world.becomes('orders', ({ state }) => state === 'stopped');
    expect((await act('orders', 'kill')).status).toBe(409);
    expect(stranger?.status).toBe('running');
  });

  test('while Docker does not answer nobody is said to run, and afterwards everybody is', async () => {
    const { url } = world.engine;
    world.engine.silent = true;
    const lost = await world.becomes('orders', ({ state }) => state === 'degraded');
    expect(lost.reason).toContain(`Docker does not answer at ${url}`);
    expect((await act('orders', 'kill')).status).toBe(503);
    world.engine.silent = false;
    await world.becomes('orders', ({ state, reason }) => state === 'running' && reason === null);
    // The stream of events is opened again.
    await eventually(() => world.engine.listening() === 1);
    world.engine.crash('orders', 3);
    await world.becomes('orders', ({ lastExit }) => lastExit?.code === 3);
  });
});

describe('faults', () => {
  const inject = async (order: object) => FaultRun.parse((await world.ask('POST', '/chaos/faults', order)).body);
  const run = async (id: string) => FaultRun.parse((await world.ask('GET', `/chaos/faults/${id}`)).body);
  const ends = async (id: string) => {
    await eventually(async () => (await run(id)).state === 'reverted');
    return run(id);
  };
  const toxicsOn = async () =>
    (await (await fetch(`${world.toxics.url}/proxies/${edge.name}/toxics`)).json()) as { name: string }[];

  test('a crash bites and is over when the container is ready again', async () => {
    const { id } = await inject({ fault: 'crash', target: 'orders' });
    await healthy('orders');
    expect(await ends(id)).toMatchObject({ endedBy: 'itself', hits: 1 });
  });

  test('a part that is down stays down until the fault is stopped', async () => {
    const { id } = await inject({ fault: 'database-down', target: 'postgres' });
    await world.becomes('postgres', ({ state }) => state === 'stopped');
    await eventually(async () => (await run(id)).state === 'biting');
    // The start after its kill may have been under way at the first look; the next one meets it.
    await world.becomes('postgres', ({ state, nextStartAt }) => state === 'stopped' && nextStartAt === null);
    await world.ask('DELETE', `/chaos/faults/${id}`);
    await healthy('postgres');
    expect(await ends(id)).toMatchObject({ endedBy: 'user', hits: 1 });
  });

  test('a freeze pauses the container; a supervisor that comes back lets it go on', async () => {
    const { id } = await inject({ fault: 'freeze', target: 'orders', ttlMs: 60_000 });
    await world.becomes('orders', ({ state }) => state === 'paused');
    await world.killAndBegin();
    await world.becomes('orders', ({ state }) => state === 'running');
    expect(await run(id)).toMatchObject({ state: 'reverted', endedBy: 'restart' });
    expect(world.notices.join()).toContain('ended what an earlier run left on: Freeze on orders');
  });

  test('what was held down is started again by a supervisor that comes back', async () => {
    await inject({ fault: 'database-down', target: 'postgres' });
    await world.becomes('postgres', ({ state }) => state === 'stopped');
    await world.killAndBegin();
    await healthy('postgres');
  });

  test('latency is a toxic without lease or seed; its hits are the traces that it touched', async () => {
    const { id } = await inject({ fault: 'latency', target: edge.name, parameters: { latencyMs: 300 } });
    expect(await toxicsOn()).toMatchObject([{ type: 'latency', attributes: { latency: 300 } }]);
    // Told to the store as biting from the start: what it touches is what is counted.
    await eventually(() => world.store.told.at(-1)?.[0]?.bites === true);
    expect(await run(id)).toMatchObject({ state: 'armed', uncounted: true });
    world.store.state.touched = 2;
    await eventually(async () => (await run(id)).hits === 2);
    await world.ask('DELETE', `/chaos/faults/${id}`);
    expect(await ends(id)).toMatchObject({ endedBy: 'user', hits: 2 });
    expect(await toxicsOn()).toEqual([]);
  });

  test('what an earlier run left on an edge is taken off: its toxics, and a refusal', async () => {
    await inject({ fault: 'slow-link', target: edge.name });
    await fetch(`${world.toxics.url}/proxies/${edge.name}/toxics`, {
      method: 'POST',
      body: JSON.stringify({ name: 'by-hand', type: 'latency', attributes: { latency: 1 } }),
    });
    await world.killAndBegin();
    expect((await toxicsOn()).map(({ name }) => name)).toEqual(['by-hand']);
    const { id } = await inject({ fault: 'connection-refused', target: edge.name });
    await world.killAndBegin();
    expect(await (await fetch(`${world.toxics.url}/proxies/${edge.name}`)).json()).toMatchObject({ enabled: true });
    expect(await run(id)).toMatchObject({ endedBy: 'restart' });
  });

  test('what is on an edge and on no record is taken off as well', async () => {
    const post = (at: string, body: object) =>
      fetch(`${world.toxics.url}/proxies/${edge.name}${at}`, { method: 'POST', body: JSON.stringify(body) });
    const names = [`${randomUUID()}-latency-upstream`, 'latency-upstream', `by-${randomUUID()}-hand`];
    for (const name of names) await post('/toxics', { name, type: 'latency', attributes: { latency: 1 } });
    await post('', { enabled: false });
    await world.killAndBegin();
    expect((await toxicsOn()).map(({ name }) => name)).toEqual(names.slice(1));
    expect(await (await fetch(`${world.toxics.url}/proxies/${edge.name}`)).json()).toMatchObject({ enabled: true });
    expect(world.notices.join()).toContain(`what no record names on ${edge.name} (${names[0]}, a refusal)`);
  });

  test('what an earlier run left on inside services is disarmed, before it is told as reverted', async () => {
    const agent = await inject({ fault: 'http-errors', target: 'orders' });
    const failpoint = await inject({ fault: 'crash-after-charge', target: 'billing' });
    expect([...world.services.armed]).toEqual([`faults/${agent.id}`, 'failpoints/billing.after_charge']);
    await world.killAndBegin();
    expect([...world.services.armed]).toEqual([]);
    for (const { id } of [agent, failpoint]) {
      expect(await run(id)).toMatchObject({ state: 'reverted', endedBy: 'restart' });
    }
  });

  test('the catalogue says what is different here', async () => {
    const all = FaultDescription.array().parse((await world.ask('GET', '/chaos/catalogue')).body);
    expect(all.find(({ name }) => name === 'latency')?.here).toContain('Toxiproxy');
    expect(all.find(({ name }) => name === 'freeze')?.here).toContain('container');
    expect(all.find(({ name }) => name === 'declines')?.here).toBeUndefined();
    expect(all.find(({ name }) => name === 'crash')?.targets.map(({ id }) => id)).toContain('broker');
    ChaosState.parse((await world.ask('GET', '/chaos')).body);
  });
});

async function lines(name: string): Promise<CapturedLine[]> {
  return CapturedLine.array().parse((await world.ask('GET', `/processes/${name}/logs`)).body);
}
