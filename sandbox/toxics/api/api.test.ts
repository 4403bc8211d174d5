import { request } from 'node:http';
import { Toxiproxy } from 'toxiproxy-node-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { farEnd, proxied } from '../testing.ts';

let rig: Awaited<ReturnType<typeof proxied>>;
beforeEach(async () => {
  rig = await proxied();
});
afterEach(() => rig.close());

describe('toxiproxy-node-client', () => {
  it('creates, changes and removes proxies and toxics', async () => {
    const client = new Toxiproxy(rig.toxics.url);
    const server = await farEnd();
    const proxy = await client.createProxy({ name: 'cache', listen: 'localhost:0', upstream: server.address });
    expect(proxy.listen).toMatch(/^127\.0\.0\.1:[1-9]\d+$/);
    expect(proxy.enabled).toBe(true);

    const toxic = await proxy.addToxic({
      name: '',
      type: 'latency',
      stream: 'upstream',
      toxicity: 0.5,
      attributes: { latency: 100, jitter: 5 },
    });
    expect(toxic.toJson()).toEqual({
      name: 'latency_upstream',
      type: 'latency',
      stream: 'upstream',
      toxicity: 0.5,
      attributes: { latency: 100, jitter: 5 },
    });
    const changed = await toxic.update({ ...toxic.toJson(), toxicity: 1, attributes: { latency: 7, jitter: 0 } });
    expect(changed.toxicity).toBe(1);
    expect((await proxy.getToxic('latency_upstream')).attributes).toEqual({ latency: 7, jitter: 0 });

    expect((await proxy.update({ ...proxy.toJson(), enabled: false })).enabled).toBe(false);
    await client.reset();
    expect((await client.get('cache')).enabled).toBe(true);
    await expect(proxy.getToxic('latency_upstream')).rejects.toThrow('404');

    await proxy.remove();
    expect(Object.keys(await client.getAll())).toEqual(['edge']);
    server.close();
  });

  it('populates twice and keeps the toxics of what is unchanged', async () => {
    const client = new Toxiproxy(rig.toxics.url);
    const server = await farEnd();
    const body = [{ name: 'a', listen: rig.edge.listen.replace(/\d+$/, '0'), upstream: server.address }];
    const { a } = await client.populate(body);
    await a?.addToxic({ name: '', type: 'timeout', stream: 'downstream', toxicity: 1, attributes: { timeout: 0 } });
    const again = await client.populate([{ name: 'a', listen: a?.listen ?? '', upstream: server.address }]);
    expect((await again.a?.getToxic('timeout_downstream'))?.type).toBe('timeout');
    server.close();
  });

  it('reads the version', async () => {
    expect(JSON.parse(await new Toxiproxy(rig.toxics.url).getVersion())).toEqual({ version: '2.12.0' });
  });
});

describe('errors have the shape and the words of Toxiproxy', () => {
  const cases: [string, string, unknown, number, string][] = [
    ['POST', '/proxies', '{', 400, 'bad request body: it is not JSON in UTF-8'],
    ['POST', '/proxies', '', 400, 'bad request body: it is empty'],
    ['POST', '/proxies', { upstream: 'localhost:1' }, 400, 'missing required field: name'],
    ['POST', '/proxies', { name: 'x' }, 400, 'missing required field: upstream'],
    ['POST', '/proxies', { name: 'edge', upstream: 'localhost:1' }, 409, 'proxy already exists'],
    ['POST', '/proxies', { name: 'x', upstream: 'nowhere' }, 400, 'upstream: "nowhere" is not host:port'],
    [
      'POST',
      '/proxies',
      { name: 'x', listen: '0.0.0.0:0', upstream: 'a:1' },
      400,
      'listen: "0.0.0.0" is not loopback; proxies listen on 127.0.0.1',
    ],
    ['POST', '/populate', [{ name: 'x', upstream: 'a:1' }, {}], 400, 'missing required field: name at proxy 2'],
    ['GET', '/proxies/nobody', undefined, 404, 'proxy not found'],
    ['DELETE', '/proxies/nobody', undefined, 404, 'proxy not found'],
    ['POST', '/proxies/edge/toxics', { type: 'gremlin' }, 400, 'invalid toxic type'],
    [
      'POST',
      '/proxies/edge/toxics',
      { type: 'latency', stream: 'sideways' },
      400,
      'stream was invalid, can be either upstream or downstream',
    ],
    ['GET', '/proxies/edge/toxics/none', undefined, 404, 'toxic not found'],
    ['DELETE', '/proxies/edge/toxics/none', undefined, 404, 'toxic not found'],
    ['PUT', '/proxies/edge', {}, 405, 'PUT is not possible on /proxies/edge'],
    ['GET', '/%E0%A4%A', undefined, 400, 'the path is not well-formed'],
    ['GET', '/elsewhere', undefined, 404, 'there is nothing at /elsewhere'],
  ];
  it.each(cases)('%s %s %j → %i', async (method, path, body, status, error) => {
    expect(await rig.api(method, path, body)).toEqual({ status, body: { error, status } });
  });

  it('names the attribute that makes no sense', async () => {
    const absurd = async (body: unknown) => (await rig.api('POST', '/proxies/edge/toxics', body)).body.error as string;
    expect(await absurd({ type: 'latency', attributes: { latency: -5 } })).toMatch(/attributes\.latency: .*>=0/);
    expect(await absurd({ type: 'latency', attributes: { latency: 1e12 } })).toMatch(/attributes\.latency: /);
    expect(await absurd({ type: 'latency', attributes: { latency: '5' } })).toMatch(/attributes\.latency: .*number/);
    expect(await absurd({ type: 'slicer', attributes: { average_size: 5, size_variation: 5 } })).toMatch(
      /attributes\.size_variation: must be less/,
    );
    expect(await absurd({ type: 'slicer', attributes: {} })).toMatch(/attributes\.average_size/);
    expect(await absurd({ type: 'latency', toxicity: 2 })).toMatch(/toxicity/);
    expect(await absurd({ type: 'latency', attributes: [] })).toMatch(/attributes: must be an object/);
    expect(await absurd({ type: 'latency', ttl_ms: 0 })).toMatch(/ttl_ms/);
    expect(rig.edge.toxics).toHaveLength(0);
  });

  it('refuses a second toxic of that name, and an address in use', async () => {
    await rig.api('POST', '/proxies/edge/toxics', { type: 'latency' });
    const twice = await rig.api('POST', '/proxies/edge/toxics', { type: 'latency' });
    expect(twice.body).toEqual({ error: 'toxic already exists', status: 409 });
    const taken = await rig.api('POST', '/proxies', { name: 'x', listen: rig.edge.listen, upstream: 'a:1' });
    expect(taken.body).toEqual({ error: expect.stringContaining('EADDRINUSE'), status: 500 });
    expect((await rig.api('GET', '/proxies/x')).status).toBe(404);
  });

  it('limits the size of a body', async () => {
    expect((await rig.api('POST', '/populate', `["${'x'.repeat(1 << 20)}"]`)).status).toBe(413);
  });
});

describe('the localhost guard', () => {
  it.each([
    ['another host name', { host: 'evil.example' }],
    ['an origin', { origin: 'http://evil.example' }],
    ['a cross-site request', { 'sec-fetch-site': 'cross-site' }],
    ['a browser', { 'user-agent': 'Mozilla/5.0' }],
  ])('refuses %s', async (_what, headers) => {
    // fetch keeps some of these headers to itself.
    const status = await new Promise<number>((resolve, reject) => {
      const sent = request(`${rig.toxics.url}/reset`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on('error', reject);
      sent.end();
    });
    expect(status).toBe(403);
  });
});

describe('metrics', () => {
  it('are in Prometheus text format', async () => {
    const { server } = await rig.pair();
    server.socket.write('x');
    await rig.api('POST', '/proxies/edge/toxics', { type: 'latency' });
    const { body } = await rig.api('GET', '/metrics');
    expect(body).toContain(
      `toxiproxy_toxic_hits_total{proxy="edge",stream="downstream",toxic="latency_downstream",type="latency"} 0`,
    );
    expect(body).toContain(`toxiproxy_proxy_connections{proxy="edge"} 1`);
  });
});
