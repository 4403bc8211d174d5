import { expect, onTestFinished, test } from 'vitest';
import { FailpointStatus, PatternStatus } from '#contracts/sandbox/control-channel.ts';
import { createHttpServer } from '../http/server.ts';
import { testService } from '../testing/service.ts';

const token = 'agent-token-of-a-test';

async function start(env: Record<string, string> = {}) {
  const { service, stop } = testService({ PORT: 0, AGENT_TOKEN: token, ...env });
  service.patterns.declare('inbox', { description: 'Handles a message once.', threatens: ['S6'] });
  service.patterns.declare('timeout', { description: 'Ends waiting.', threatens: [], switchable: false });
  service.patterns.observe('inbox', () => [{ name: 'orders.events', facts: { duplicates: 3 } }]);
  const port = await createHttpServer(service).listen();
  onTestFinished(stop);
  const ask = async (method: string, path: string, body?: unknown, authorization = `Bearer ${token}`) => {
    const answer = await fetch(`http://127.0.0.1:${port}/control/v1${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() };
  };
  return { service, ask };
}

test('a pattern is seen with its figures, switched off loudly, and on again', async () => {
  const { service, ask } = await start();
  const [inbox] = PatternStatus.array().parse((await ask('GET', '/patterns')).body);
  expect(inbox).toMatchObject({ pattern: 'inbox', enabled: true, parts: [{ facts: { duplicates: 3 } }] });
  const off = await ask('PUT', '/patterns/inbox', { enabled: false });
  expect(off).toMatchObject({ status: 200, body: { enabled: false, offSince: expect.any(String) } });
  expect(service.patterns.isOn('inbox')).toBe(false);
  await ask('PUT', '/patterns/inbox', { enabled: true });
  expect(service.patterns.isOn('inbox')).toBe(true);
});

test('a failpoint is armed and disarmed', async () => {
  const { ask } = await start();
  const armed = await ask('PUT', '/failpoints/billing.after_charge', { action: 'delay', delayMs: 5 });
  expect(FailpointStatus.parse(armed.body)).toMatchObject({ armed: true, action: 'delay', remaining: 1 });
  expect((await ask('DELETE', '/failpoints/billing.after_charge')).body).toMatchObject({ armed: false });
});

test.each([
  ['a pattern nobody knows', 'PUT', '/patterns/magic', { enabled: false }, 404],
  ['a pattern that this service has not', 'PUT', '/patterns/bulkhead', { enabled: false }, 404],
  ['a pattern without a switch', 'PUT', '/patterns/timeout', { enabled: false }, 409],
  ['a switch without a position', 'PUT', '/patterns/inbox', { enabled: 'off' }, 422],
  ['an unknown failpoint', 'PUT', '/failpoints/nowhere', { action: 'kill' }, 404],
  ['a failpoint for an hour', 'PUT', '/failpoints/outbox.after_ack', { action: 'kill', ttlMs: 3_600_000 }, 422],
] as const)('%s is refused', async (_, method, path, body, status) => {
  const { ask } = await start();
  expect((await ask(method, path, body)).status).toBe(status);
});

test('nothing is told or done without the token', async () => {
  const { service, ask } = await start();
  for (const authorization of ['', 'Bearer wrong', `Basic ${token}`])
    expect((await ask('PUT', '/patterns/inbox', { enabled: false }, authorization)).status).toBe(401);
  expect(service.patterns.isOn('inbox')).toBe(true);
});

test.each([
  [{ NODE_ENV: 'production' }, 404],
  [{ NODE_ENV: 'production', ORRERY_CONTROL_CHANNEL: '1' }, 200],
])('in production it exists only when told so twice: %o', async (env, status) => {
  const { ask } = await start(env);
  expect((await ask('GET', '/patterns')).status).toBe(status);
});
