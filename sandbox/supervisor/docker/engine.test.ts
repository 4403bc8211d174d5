import { expect, test } from 'vitest';
import { createEngine } from './engine.ts';
import { access } from './testing/container-world.ts';
import { startFakeEngine } from './testing/fake-engine.ts';

test.each([
  ['GET', '/v1.45/containers/json'],
  ['GET', '/v1.45/containers/shop-orders-1/json'],
  ['GET', '/v1.45/containers/orrery-secrets-1/json'],
  ['GET', '/v1.45/containers/orrery-orders-1/archive'],
  ['GET', '/v1.45/containers/orrery-orders-1/../../images/json'],
  ['GET', '/v1.45/images/json'],
  ['GET', '/v1.45/secrets'],
  ['GET', '/v1x45/events'],
  ['POST', '/v1.45/containers/create'],
  ['POST', '/v1.45/containers/orrery-orders-1/exec'],
  ['POST', '/v1.45/containers/orrery-orders-1/update'],
  ['POST', '/v1.45/containers/orrery-orders-10/kill'],
  ['POST', '/v1.45/containers/shop-orders-1/kill'],
  ['POST', '/v1.45/containers/orrery-docker-proxy-1/kill'],
  ['POST', '/v1.45/images/create'],
  ['DELETE', '/v1.45/containers/orrery-orders-1'],
  ['PUT', '/v1.45/containers/orrery-orders-1/archive'],
])('%s %s is not let through', (method, at) => {
  expect(access[method] !== undefined && new RegExp(`^(?:${access[method]})$`).test(at)).toBe(false);
});

test('the client tells what the proxy refuses, and what the engine does', async () => {
  const engine = await startFakeEngine(access);
  try {
    engine.add('orders', { status: 'exited' });
    const client = createEngine(engine.url);
    await expect(client.act('shop-orders-1', 'kill')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(client.act('orrery-orders-1', 'kill')).rejects.toMatchObject({ code: 'conflict' });
    await expect(client.act('orrery-orders-1', 'stop')).resolves.toBeUndefined();
    await expect(client.act('orrery-billing-1', 'stop')).rejects.toMatchObject({ code: 'not_found' });
    expect(await client.inspect('orrery-billing-1')).toBeNull();
    expect(await client.inspect('orrery-orders-1')).toMatchObject({ status: 'exited', pid: null });
    expect(engine.violations).toEqual([]);
  } finally {
    await engine.close();
  }
  await expect(createEngine(engine.url).inspect('orrery-orders-1')).rejects.toMatchObject({ code: 'unavailable' });
});

test('control: the fake tells what is not in the API, and the client tells what the proxy refuses', async () => {
  const open = await startFakeEngine();
  try {
    open.add('orders', { status: 'running', health: 'sick' as 'healthy' });
    await createEngine(open.url)
      .inspect('orrery-orders-1')
      .catch(() => {});
    expect(open.violations.join()).toContain('must be equal to one of the allowed values');
    await fetch(`${open.url}/v1.45/containers/orrery-orders-1/json?sise=1`);
    expect(open.violations.join()).toContain('is not in the API');
  } finally {
    await open.close();
  }
});
