import net from 'node:net';
import { expect, test } from 'vitest';
import { offsetCommit } from '../apis/08-offset-commit.ts';
import { kafkaClient } from '../testing/kafkajs-client.ts';
import { connectRaw } from '../testing/raw-client.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { waitFor } from '../testing/wait-for.ts';
import { spawnBroker } from './broker-child.ts';

type CommitAnswer = { topics: { partitions: { errorCode: number }[] }[] };

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('what was acknowledged survives kill -9 in mid-produce, three times over, with committed offsets', async () => {
  const DATA_DIR = tempDir();
  const PORT = String(await freePort());
  const acknowledged: Map<number, string>[] = [new Map(), new Map()];
  let attempted = 0;
  let committed = -1;
  for (let round = 0; round < 3; round++) {
    const broker = await spawnBroker({ DATA_DIR, PORT, DEFAULT_PARTITIONS: '2' });
    const client = kafkaClient(`127.0.0.1:${PORT}`, 1);
    const admin = await client.admin();
    const producer = await client.producer({ allowAutoTopicCreation: true, retry: { retries: 0 } });
    if (committed >= 0) {
      const offsets = await admin.fetchOffsets({ groupId: 'g', topics: ['t'] });
      expect(Number(offsets[0]?.partitions.find((p) => p.partition === 0)?.offset)).toBeGreaterThanOrEqual(committed);
    }
    const send = async () => {
      const value = `m${attempted++}`;
      const partition = attempted % 2;
      const [result] = await producer.send({ topic: 't', messages: [{ value, partition }] });
      acknowledged[partition]?.set(Number(result?.baseOffset), value);
    };
    let dead = false;
    const loops = Array.from({ length: 4 }, async () => {
      // A rejection comes at once when the connection is gone: give the exit event its turn.
      while (!dead) await send().catch(() => new Promise((resolve) => setTimeout(resolve, 5)));
    });
    const enough = acknowledged[0]?.size ?? 0;
    await waitFor('some acknowledgements', () => (acknowledged[0]?.size ?? 0) > enough + 50);
    const offset = acknowledged[0]?.size ?? 0;
    const committer = await connectRaw(broker.port);
    const partitions = [{ index: 0, offset, metadata: null }];
    const commit = {
      groupId: 'g',
      generationId: -1,
      memberId: '',
      retentionTimeMs: -1,
      topics: [{ name: 't', partitions }],
    };
    const answer = await committer.call<CommitAnswer>(offsetCommit, 5, commit);
    expect(answer.topics[0]?.partitions[0]?.errorCode).toBe(0);
    committed = offset;
    broker.process.kill('SIGKILL');
    await broker.exited;
    dead = true;
    await Promise.all(loops);
    await producer.disconnect();
  }
  await spawnBroker({ DATA_DIR, PORT });
  const { received } = await kafkaClient(`127.0.0.1:${PORT}`).consumer('reader', 't');
  const total = () => (acknowledged[0]?.size ?? 0) + (acknowledged[1]?.size ?? 0);
  await waitFor('everything acknowledged', () => received.length >= total());
  const stored = new Map(received.map((m) => [`${m.partition}:${m.offset}`, m.value]));
  for (const [partition, values] of acknowledged.entries()) {
    for (const [offset, value] of values)
      expect(stored.get(`${partition}:${offset}`), `${partition}:${offset}`).toBe(value);
  }
  expect(new Set(received.map((m) => m.value)).size, 'nothing twice').toBe(received.length);
  expect(total()).toBeGreaterThan(150);
}, 40_000);

test('it is live and ready over HTTP, refuses foreign hosts, and stops cleanly on SIGTERM', async () => {
  const broker = await spawnBroker({ DATA_DIR: tempDir() });
  const get = (path: string) => fetch(`http://127.0.0.1:${broker.healthPort}${path}`);
  expect((await get('/health/live')).status).toBe(200);
  expect((await get('/health/ready')).status).toBe(200);
  expect((await get('/')).status).toBe(404);
  expect(await statusWithHost(broker.healthPort, 'evil.example')).toContain('403');
  broker.process.kill('SIGTERM');
  expect(await broker.exited).toBe(0);
  expect(broker.lines.at(-1)?.message).toBe('broker stopped');
});

test('it stops by itself when its supervisor is gone, and a successor may start at once', async () => {
  const DATA_DIR = tempDir();
  const broker = await spawnBroker({ DATA_DIR });
  broker.process.disconnect();
  await spawnBroker({ DATA_DIR });
  expect(await broker.exited).toBe(0);
});

test('each listener tells its clients the address that they came by', async () => {
  const [listenPort, proxyPort] = [await freePort(), await freePort()];
  await spawnBroker({ DATA_DIR: tempDir(), BROKER_LISTENERS: `${listenPort}:127.0.0.1:${proxyPort}` });
  const proxy = net.createServer((socket) => socket.pipe(net.connect(listenPort, '127.0.0.1')).pipe(socket));
  await new Promise<void>((resolve) => proxy.listen(proxyPort, '127.0.0.1', resolve));
  const admin = await kafkaClient(`127.0.0.1:${proxyPort}`).admin();
  const { brokers } = await admin.describeCluster();
  expect(brokers).toEqual([{ nodeId: 0, host: '127.0.0.1', port: proxyPort }]);
  await admin.disconnect();
  await new Promise((resolve) => proxy.close(resolve));
});

function statusWithHost(port: number, host: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () =>
      socket.write(`GET /health/live HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
    );
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().split('\r\n')[0] ?? '');
    });
  });
}
