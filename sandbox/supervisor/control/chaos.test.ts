import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Problem, Problem as ProblemSchema } from '#contracts/errors.ts';
import { ChaosState, FaultRun } from '#contracts/sandbox/chaos.ts';
import { runCli } from '../../cli/testing/run-cli.ts';
import { type Running, runFixtures } from '../testing/fixture-fleet.ts';
import { until } from '../until.ts';

let made: Running;

beforeAll(async () => {
  made = await runFixtures({ toxics: '', gateway: '', orders: '', inventory: '', postgres: '' });
  for (const name of ['gateway', 'orders', 'inventory', 'postgres']) {
    await made.becomes(name, ({ state }) => state === 'running');
  }
});
afterAll(() => made.end());

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const { controlUrl, controlToken } = made.supervisor.launch;
  const response = await fetch(`${controlUrl}/v1/chaos${path}`, {
    method,
    headers: { authorization: `Bearer ${controlToken}` },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function refused(method: string, path: string, body?: unknown): Promise<Problem> {
  const answer = await ask(method, path, body);
  const problem = ProblemSchema.parse(answer.body);
  expect(problem.status).toBe(answer.status);
  return problem;
}

const faultsOn = async () => ChaosState.parse((await ask('GET', '')).body).faults;
const edge = 'gateway-orders-http';
const latency = (more: object) => ({ fault: 'latency', target: edge, ...more });
const withParameters = (parameters: unknown) => latency({ parameters });

describe('over HTTP', () => {
  test.each([
    ['no JSON', 'nope', 400, 'the body is not JSON'],
    ['a list', [], 400, 'expected object'],
    ['no fault', { target: edge }, 400, 'fault: '],
    ['no target', { fault: 'latency' }, 400, 'target: '],
    ['a name without end', { fault: 'x'.repeat(101), target: edge }, 400, 'fault: Too big'],
    ['a huge body', 'x'.repeat(70_000), 413, 'above 65536 bytes'],
    ['a misspelt field', latency({ ttl: 5_000 }), 400, '"ttl"'],
    ['a fault that there is not', { fault: 'gremlins', target: edge }, 404, 'no fault "gremlins"; there are latency, '],
    ['a target that there is not', { fault: 'latency', target: 'moon' }, 404, 'no target "moon"; it has gateway-'],
    ['a target of the wrong kind', { fault: 'latency', target: 'orders' }, 404, 'no target "orders"; it has gateway-'],
    ['a target that may not be hit', { fault: 'crash', target: 'toxics' }, 404, 'no target "toxics"; it has '],
    ['no time', latency({ ttlMs: 0 }), 400, 'ttlMs: Too small'],
    ['a time before now', latency({ ttlMs: -60_000 }), 400, 'ttlMs: Too small'],
    ['an hour', latency({ ttlMs: 3_600_000 }), 400, 'ttlMs: Too big: expected number to be <=900000'],
    ['half a millisecond', latency({ ttlMs: 5_000.5 }), 400, 'ttlMs: '],
    ['a time in words', latency({ ttlMs: '30s' }), 400, 'ttlMs: '],
    ['a time without end', '{"fault":"latency","target":"gateway-orders-http","ttlMs":1e999}', 400, 'ttlMs: '],
    ['a seed without end', latency({ seed: 'x'.repeat(101) }), 400, 'seed: Too big'],
    ['parameters as a list', withParameters([]), 400, 'parameters: '],
    ['too little', withParameters({ latencyMs: 0 }), 422, 'latency: latencyMs: Too small: expected number to be >=1'],
    ['too much', withParameters({ latencyMs: 30_001 }), 422, 'latency: latencyMs: Too big: expected number to be <='],
    ['a number in words', withParameters({ latencyMs: '200' }), 422, 'latency: latencyMs: '],
    ['a fraction', withParameters({ latencyMs: 1.5 }), 422, 'latency: latencyMs: '],
    ['nothing', withParameters({ latencyMs: null }), 422, 'latency: latencyMs: '],
    ['a choice that there is not', withParameters({ direction: 'up' }), 422, 'latency: direction: '],
    ['a parameter that there is not', withParameters({ speed: 9 }), 422, '"speed"'],
    ['all that is wrong', withParameters({ latencyMs: 0, share: 2 }), 422, 'share: Too big'],
    ['a parameter of none', { fault: 'crash', target: 'orders', parameters: { now: 1 } }, 422, 'crash: '],
    [
      'SQL for a table',
      { fault: 'table-locked', target: 'inventory', parameters: { table: 'stock"; drop table stock; --' } },
      422,
      'table: must be the name of a table',
    ],
  ])('%s is refused with what is wrong', async (_name, body, status, detail) => {
    const problem = await refused('POST', '/faults', body);
    expect(problem.detail).toContain(detail);
    expect(problem.status).toBe(status);
    expect(await faultsOn()).toEqual([]);
  });

  test.each([
    ['GET', '/faults/nope', undefined, 404, 'there is no fault "nope"'],
    ['DELETE', '/faults/nope', undefined, 404, 'there is no fault "nope"'],
    ['PUT', '/faults/nope', {}, 405, 'PUT is not allowed here, GET or DELETE is'],
    ['GET', '/faults', undefined, 405, 'GET is not allowed here, POST is'],
    ['GET', '/faults/a/b', undefined, 404, 'there is nothing at'],
    ['POST', '/stop-all', { reason: '  ' }, 400, 'reason: Too small'],
    ['POST', '/stop-all', { why: 'x' }, 400, '"why"'],
    ['GET', '/gremlins', undefined, 404, 'there is nothing at'],
  ])('%s %s %j is refused with what is wrong', async (method, path, body, status, detail) => {
    const problem = await refused(method, path, body);
    expect(problem.detail).toContain(detail);
    expect(problem.status).toBe(status);
  });

  test('a second fault on a target is refused with the first, and one that has ended cannot be stopped', async () => {
    const { status, body } = await ask('POST', '/faults', { fault: 'freeze', target: 'gateway', ttlMs: 60_000 });
    expect([status, FaultRun.parse(body).state]).toEqual([201, 'armed']);
    const { id } = FaultRun.parse(body);
    for (const fault of ['freeze', 'crash']) {
      expect(await refused('POST', '/faults', { fault, target: 'gateway' })).toMatchObject({
        status: 409,
        detail: 'Freeze is on gateway already: stop it first',
      });
    }
    expect((await ask('DELETE', `/faults/${id}`)).status).toBe(202);
    await until(async () => (await faultsOn())[0]?.state === 'reverted', { timeoutMs: 20_000 });
    expect(await refused('DELETE', `/faults/${id}`)).toMatchObject({
      status: 409,
      detail: 'this fault has ended already',
    });
  });

  test('nothing is armed while all is stopped', async () => {
    await ask('POST', '/stop-all', { reason: 'enough' });
    expect(await refused('POST', '/faults', { fault: 'crash', target: 'orders' })).toMatchObject({
      status: 409,
      detail: 'all faults are stopped (enough): release first',
    });
    await ask('POST', '/release');
  });
});

describe('on the command line', () => {
  test.each([
    [['explode'], 2, "unknown command 'explode'"],
    [['inject'], 2, "missing required argument 'fault'"],
    [['inject', 'latency'], 2, "missing required argument 'target'"],
    [['inject', 'gremlins', edge], 2, 'there is no fault "gremlins"; there are latency, '],
    [['inject', 'latency', 'moon'], 2, 'latency has no target "moon"; it has gateway-'],
    [
      ['inject', 'latency', edge, '--ttl', '0s'],
      2,
      'It must be a time such as 30s, 5m or 1h, at least 1 s, at most 900 s.',
    ],
    [['inject', 'latency', edge, '--ttl', '1h'], 2, '30s, 5m or 1h, at least 1 s, at most 900 s.'],
    [['inject', 'latency', edge, '--ttl', '-5s'], 2, '--ttl'],
    [['inject', 'latency', edge, '--ttl', '0.5s'], 2, '30s, 5m or 1h, at least 1 s, at most 900 s.'],
    [['inject', 'latency', edge, '--set', 'latencyMs'], 2, 'It must be name=value.'],
    [['inject', 'latency', edge, '--set', 'latencyMs=soon'], 2, 'latency: latencyMs: '],
    [['inject', 'latency', edge, '--set', 'latencyMs=0', '--set', 'share=7'], 2, 'latencyMs: Too small'],
    [['inject', 'latency', edge, '--set', 'speed=9'], 2, '"speed"'],
    [['list', 'gremlins'], 2, 'there is no fault "gremlins"; there are latency, '],
    [['stop', 'nope'], 2, 'there is no fault "nope"'],
    [['stop-all', '--reason', ''], 2, 'reason: Too small'],
  ])('chaos %j exits with %i and says what is wrong', async (args, code, message) => {
    const outcome = await runCli(made.home.directory, ['chaos', ...args]);
    expect(outcome.err).toContain(message);
    expect(outcome.code).toBe(code);
  });

  test('what cannot be done now exits with 1', async () => {
    const chaos = (...args: string[]) => runCli(made.home.directory, ['chaos', ...args]);
    await ask('POST', '/stop-all', { reason: 'enough' });
    const refused = await chaos('inject', 'latency', edge);
    await ask('POST', '/release');
    expect(refused).toMatchObject({ code: 1, err: 'all faults are stopped (enough): release first\n' });
  });
});
