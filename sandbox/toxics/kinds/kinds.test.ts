import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, proxied } from '../testing.ts';

let rig: Awaited<ReturnType<typeof proxied>>;
beforeEach(async () => {
  rig = await proxied();
});
afterEach(() => rig.close());

async function toxic(body: Record<string, unknown>) {
  const answer = await rig.api('POST', '/proxies/edge/toxics', body);
  expect(answer).toMatchObject({ status: 200 });
  return async () => (await rig.api('GET', `/proxies/edge/toxics/${answer.body.name}`)).body.hits as number;
}

const arrived = (bytes: number) =>
  eventually('the bytes are in the proxy', () => rig.edge.receivedBytes.downstream >= bytes);

describe('latency', () => {
  it('holds bytes for its time, in order, also on connections that were open before', async () => {
    const { client, server } = await rig.pair();
    const hits = await toxic({ type: 'latency', attributes: { latency: 500 } });
    server.socket.write('one');
    await arrived(3);
    rig.clock.advance(499);
    server.socket.write('two');
    await arrived(6);
    expect(client.text()).toBe('');
    rig.clock.advance(1);
    await eventually('the first arrives', () => client.text() === 'one');
    rig.clock.advance(499);
    await eventually('the second arrives', () => client.text() === 'onetwo');
    expect(await hits()).toBe(2);
  });

  it('leaves the other direction alone', async () => {
    await toxic({ type: 'latency', attributes: { latency: 500 } });
    const { client, server } = await rig.pair();
    client.socket.write('up');
    await eventually('it arrives without delay', () => server.text() === 'up');
  });

  it('hands on what it holds when it is removed, and the end after it', async () => {
    await toxic({ type: 'latency', attributes: { latency: 60_000 } });
    const { client, server } = await rig.pair();
    server.socket.end('held');
    await arrived(4);
    await rig.api('DELETE', '/proxies/edge/toxics/latency_downstream');
    await eventually('it arrives', () => client.text() === 'held' && client.ended());
    expect(rig.clock.waiting()).toBe(0);
  });

  it('makes the same draw for the same seed and connection', async () => {
    const drawn = async (seed: string) => {
      const other = await proxied();
      const body = { type: 'latency', toxicity: 0.5, seed, attributes: { latency: 10 } };
      await other.api('POST', '/proxies/edge/toxics', body);
      for (let count = 0; count < 12; count += 1) {
        const { server } = await other.pair();
        server.socket.write('x');
        await eventually('it is in', () => other.edge.receivedBytes.downstream === count + 1);
      }
      const { hits } = (await other.api('GET', '/proxies/edge/toxics/latency_downstream')).body;
      await other.close();
      return hits as number;
    };
    const first = await drawn('seed 7');
    expect(await drawn('seed 7')).toBe(first);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(12);
  });
});

describe('bandwidth', () => {
  it('lets its rate through and no more', async () => {
    await toxic({ type: 'bandwidth', attributes: { rate: 1 } });
    const { client, server } = await rig.pair();
    server.socket.write('x'.repeat(1_000));
    await arrived(1_000);
    rig.clock.advance(500);
    await eventually('half of it arrives', () => client.text().length === 500);
    rig.clock.advance(500);
    await eventually('the rest arrives', () => client.text().length === 1_000);
  });
});

describe('slow_close', () => {
  it('passes data at once and the end after its delay', async () => {
    const hits = await toxic({ type: 'slow_close', attributes: { delay: 2_000 } });
    const { client, server } = await rig.pair();
    server.socket.end('bye');
    await eventually('the data arrives', () => client.text() === 'bye');
    await eventually('the end is held', () => rig.clock.waiting() === 1);
    expect(client.ended()).toBe(false);
    rig.clock.advance(2_000);
    await eventually('the end arrives', () => client.ended());
    expect(await hits()).toBe(1);
  });
});

describe('timeout', () => {
  it('with 0 swallows everything and never closes; its removal closes', async () => {
    const hits = await toxic({ type: 'timeout', attributes: { timeout: 0 } });
    const { client, server } = await rig.pair();
    server.socket.write('lost');
    await arrived(4);
    rig.clock.advance(3_000_000);
    client.socket.write('up');
    await eventually('the other way is open', () => server.text() === 'up');
    expect([client.text(), client.closed(), await hits()]).toEqual(['', false, 1]);
    await rig.api('DELETE', '/proxies/edge/toxics/timeout_downstream');
    await eventually('it is closed', () => client.ended() && server.ended());
    expect(client.text()).toBe('');
  });

  it('closes after its time without data', async () => {
    await toxic({ type: 'timeout', stream: 'upstream', attributes: { timeout: 1_000 } });
    const { client, server } = await rig.pair();
    rig.clock.advance(999);
    client.socket.write('lost');
    await eventually('it is in the proxy', () => rig.edge.receivedBytes.upstream === 4);
    rig.clock.advance(999);
    expect(client.ended()).toBe(false);
    rig.clock.advance(1);
    await eventually('both are closed', () => client.ended() && server.ended());
    expect(server.text()).toBe('');
  });
});

describe('reset_peer', () => {
  it('resets both sides with the next byte', async () => {
    const hits = await toxic({ type: 'reset_peer', stream: 'upstream', attributes: { timeout: 0 } });
    const { client, server } = await rig.pair();
    client.socket.write('x');
    await eventually('both are reset', () => client.error() === 'ECONNRESET' && server.error() === 'ECONNRESET');
    expect(await hits()).toBe(1);
    await eventually('nothing is left', () => rig.edge.connectionCount === 0);
  });
});

describe('slicer', () => {
  it('cuts into pieces of its size with its delay between, and loses none', async () => {
    await toxic({ type: 'slicer', attributes: { average_size: 10, size_variation: 0, delay: 5_000 } });
    const { client, server } = await rig.pair();
    server.socket.write('a'.repeat(25));
    await arrived(25);
    await eventually('the first piece', () => client.text().length === 10);
    rig.clock.advance(5);
    await eventually('the second piece', () => client.text().length === 20);
    rig.clock.advance(5);
    await eventually('the last piece', () => client.text().length === 25);
  });
});

describe('limit_data', () => {
  it('closes after exactly so many bytes', async () => {
    await toxic({ type: 'limit_data', attributes: { bytes: 6 } });
    const { client, server } = await rig.pair();
    server.socket.write('1234');
    await eventually('the first four', () => client.text() === '1234');
    server.socket.write('5678');
    await eventually('it is closed', () => client.ended());
    expect(client.text()).toBe('123456');
  });
});

describe('several toxics', () => {
  it('act one after the other, in the order in which they were added', async () => {
    await toxic({ type: 'slicer', attributes: { average_size: 2 } });
    const latencyHits = await toxic({ type: 'latency', attributes: { latency: 100 } });
    const { client, server } = await rig.pair();
    server.socket.write('abcdef');
    await eventually('three pieces wait', () => rig.clock.waiting() === 1);
    expect(await latencyHits()).toBe(3);
    rig.clock.advance(100);
    await eventually('all arrives', () => client.text() === 'abcdef');
  });
});

describe('a lease', () => {
  it('ends a toxic by itself', async () => {
    await toxic({ type: 'latency', attributes: { latency: 100 }, ttl_ms: 30_000 });
    rig.clock.advance(29_999);
    expect(rig.edge.toxics).toHaveLength(1);
    const shown = await rig.api('GET', '/proxies/edge/toxics/latency_downstream');
    expect(shown.body.remaining_ms).toBe(1);
    rig.clock.advance(1);
    expect(rig.edge.toxics).toHaveLength(0);
  });

  it('enables a proxy again by itself, on its port', async () => {
    const { listen } = rig.edge;
    await rig.api('POST', '/proxies/edge', { enabled: false, ttl_ms: 1_000 });
    expect(rig.edge.enabled).toBe(false);
    rig.clock.advance(1_000);
    await eventually('it listens', () => rig.edge.enabled);
    expect(rig.edge.listen).toBe(listen);
  });
});
