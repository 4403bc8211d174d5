import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { produce } from '../apis/00-produce.ts';
import { fetch } from '../apis/01-fetch.ts';
import { metadata } from '../apis/03-metadata.ts';
import { heartbeat } from '../apis/12-heartbeat.ts';
import { apiVersions } from '../apis/18-api-versions.ts';
import type { AnyApi } from '../apis/api.ts';
import { APIS } from '../apis/registry.ts';
import { ErrorCode } from '../errors.ts';
import { readBatchHeader } from '../log/record-batch.ts';
import { buildBatch } from '../log/records.ts';
import { connectRaw, decodeResponse, encodeRequest } from '../testing/raw-client.ts';
import { startTestBroker, type TestBroker } from '../testing/test-broker.ts';
import { waitFor } from '../testing/wait-for.ts';

const warnings = (broker: TestBroker) =>
  broker.logLines.filter((line) => line.level === 'warn' || line.level === 'error');

test('what cannot be a request closes that connection with one log line, and others go on', async () => {
  const broker = await startTestBroker();
  const bystander = await connectRaw(broker.port);
  const garbage: [string, Buffer][] = [
    ['http', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['tls', Buffer.from('160301020001', 'hex')],
    ['negative length', Buffer.from('ffffffff00000000', 'hex')],
    ['oversized', Buffer.from('7fffffff00000000', 'hex')],
    ['too short for a header', Buffer.from('0000000200120000', 'hex')],
    ['unknown api', Buffer.from('0000000a7fff00000000000100000000', 'hex')],
    ['unsupported version', encodeRequest({ ...metadata, versions: [0, 99] }, 50, 1, metadata.request.absent)],
    ['body ends early', Buffer.from('0000000c00030001000000010000ffff', 'hex')],
  ];
  for (const [name, bytes] of garbage) {
    const before = warnings(broker).length;
    const client = await connectRaw(broker.port);
    client.send(bytes);
    await client.closed;
    await waitFor('the log line', () => warnings(broker).length > before);
    expect(warnings(broker).length - before, name).toBe(1);
    expect(warnings(broker).at(-1), name).toMatchObject({ message: 'connection closed', reason: 'bad frame' });
  }
  const truncated = await connectRaw(broker.port);
  truncated.send(Buffer.from('0000ffff0003', 'hex'));
  expect(await bystander.call(apiVersions, 3, { softwareName: 'x', softwareVersion: '1' })).toMatchObject({
    errorCode: 0,
  });
  truncated.close();
  await waitFor('the log line', () => warnings(broker).at(-1)?.reason === 'truncated frame');
  bystander.close();
});

test('random bytes on many connections change nothing', async () => {
  const broker = await startTestBroker();
  for (let i = 0; i < 60; i++) {
    const client = await connectRaw(broker.port);
    const body = randomBytes(1 + Math.floor(Math.random() * 300));
    if (i % 2 === 0 && body.length > 10) {
      // A plausible frame around noise: right length, real api key and version.
      body.writeInt32BE(body.length - 4, 0);
      const api = APIS[i % APIS.length] as AnyApi;
      body.writeInt16BE(api.key, 4);
      body.writeInt16BE(api.versions[1], 6);
    }
    client.send(body);
    client.send(randomBytes(20));
    await Promise.race([client.closed, new Promise((resolve) => setTimeout(resolve, 20))]);
    client.close();
  }
  const client = await connectRaw(broker.port);
  expect(await client.call(apiVersions, 0, {})).toMatchObject({ errorCode: 0 });
  expect(broker.logLines.filter((line) => line.level === 'error')).toEqual([]);
  client.close();
});

test('an exception in a handler refuses that request only', async () => {
  const broken: AnyApi = {
    ...heartbeat,
    handle: () => {
      throw new Error('a bug');
    },
  };
  const broker = await startTestBroker({ apis: [...APIS.filter((api) => api.key !== heartbeat.key), broken] });
  const client = await connectRaw(broker.port);
  const request = { groupId: 'g', generationId: 1, memberId: 'm', groupInstanceId: null };
  expect(await client.call(heartbeat, 3, request)).toEqual({
    throttleTimeMs: 0,
    errorCode: ErrorCode.UNKNOWN_SERVER_ERROR,
  });
  expect(await client.call(apiVersions, 0, {})).toMatchObject({ errorCode: 0 });
  expect(broker.logLines.find((line) => line.level === 'error')).toMatchObject({
    message: 'request failed',
    api: 'Heartbeat',
    error: 'a bug',
  });
  client.close();
});

test('ApiVersions of an unknown version is answered in the layout of version 0, with the versions that work', async () => {
  const broker = await startTestBroker();
  const client = await connectRaw(broker.port);
  client.send(encodeRequest({ ...apiVersions, versions: [0, 99] }, 42, 7, { softwareName: '', softwareVersion: '' }));
  const answer = decodeResponse(apiVersions, 0, await client.nextFrame()) as {
    errorCode: number;
    apis: { key: number }[];
  };
  expect(answer.errorCode).toBe(ErrorCode.UNSUPPORTED_VERSION);
  expect(answer.apis.map((api) => api.key)).toEqual(APIS.map((api) => api.key));
  client.close();
});

const fetchRequest = (maxWaitMs: number, offset = 0) => ({
  ...(fetch.request.absent as object),
  maxWaitMs,
  minBytes: 1,
  maxBytes: 1 << 20,
  topics: [
    {
      name: 't',
      partitions: [{ index: 0, leaderEpoch: -1, fetchOffset: offset, logStartOffset: -1, maxBytes: 1 << 20 }],
    },
  ],
});

const produceRequest = (value: string, acks = -1) => ({
  transactionalId: null,
  acks,
  timeoutMs: 1000,
  topics: [
    {
      name: 't',
      partitions: [
        { index: 0, records: buildBatch({ records: [{ key: null, value: Buffer.from(value) }], timestamp: 1 }) },
      ],
    },
  ],
});

type FetchAnswer = { topics: { partitions: { errorCode: number; records: Buffer; highWatermark: number }[] }[] };
const partitionOf = (answer: FetchAnswer) => answer.topics[0]?.partitions[0];

test('answers leave in the order of the requests, and a waiting fetch wakes on an append from elsewhere', async () => {
  const broker = await startTestBroker({ settings: { maxFetchWaitMs: 30_000 } });
  broker.cluster.topics.create('t', 1, {});
  const client = await connectRaw(broker.port);
  client.send(encodeRequest(fetch, 11, 1, fetchRequest(20_000)));
  client.send(encodeRequest(apiVersions, 0, 2, {}));
  const other = await connectRaw(broker.port);
  await other.call(apiVersions, 0, {});
  await other.call(produce, 8, produceRequest('hello'));
  const [first, second] = [await client.nextFrame(), await client.nextFrame()];
  expect([first.readInt32BE(0), second.readInt32BE(0)]).toEqual([1, 2]);
  expect(partitionOf(decodeResponse(fetch, 11, first) as FetchAnswer)?.records.length).toBeGreaterThan(61);
  client.close();
  other.close();
});

test('an empty fetch waits as long as it may and no longer than the limit', async () => {
  const broker = await startTestBroker({ settings: { maxFetchWaitMs: 150 } });
  broker.cluster.topics.create('t', 1, {});
  const client = await connectRaw(broker.port);
  const start = performance.now();
  const answer = await client.call<FetchAnswer>(fetch, 11, fetchRequest(60_000));
  expect(performance.now() - start).toBeGreaterThan(140);
  expect(partitionOf(answer)).toMatchObject({ errorCode: 0, highWatermark: 0 });
  client.close();
});

test('a fetch outside the log says so at once, and one that waits learns that its topic is gone', async () => {
  const broker = await startTestBroker({ settings: { maxFetchWaitMs: 30_000 } });
  broker.cluster.topics.create('t', 1, {});
  const client = await connectRaw(broker.port);
  expect(partitionOf(await client.call(fetch, 11, fetchRequest(20_000, 5)))?.errorCode).toBe(
    ErrorCode.OFFSET_OUT_OF_RANGE,
  );
  const waiting = client.call<FetchAnswer>(fetch, 11, fetchRequest(20_000));
  const other = await connectRaw(broker.port);
  await other.call(apiVersions, 0, {});
  broker.cluster.topics.delete('t');
  expect(partitionOf(await waiting)?.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  client.close();
  other.close();
});

test('read_committed stops at an open transaction, read_uncommitted does not', async () => {
  const broker = await startTestBroker();
  const log = broker.cluster.topics.create('t', 1, {}).partitions[0];
  const records = [{ key: null, value: Buffer.from('in doubt') }];
  const batch = buildBatch({
    records,
    timestamp: 1,
    producerId: 5,
    producerEpoch: 0,
    baseSequence: 0,
    attributes: 0x10,
  });
  log?.append(batch, readBatchHeader(batch));
  const client = await connectRaw(broker.port);
  const read = async (isolationLevel: number) => {
    const answer = await client.call<FetchAnswer>(fetch, 11, { ...fetchRequest(0), isolationLevel });
    return partitionOf(answer)?.records.length;
  };
  expect(await read(0)).toBe(batch.length);
  expect(await read(1)).toBe(0);
  log?.endTransaction(5, 0, true);
  expect(await read(1)).toBeGreaterThan(batch.length);
  client.close();
});

test('acks=0 writes and answers nothing; old produce versions are refused without writing', async () => {
  const broker = await startTestBroker();
  broker.cluster.topics.create('t', 1, {});
  const client = await connectRaw(broker.port);
  client.send(encodeRequest(produce, 8, 1, produceRequest('quiet', 0)));
  client.send(encodeRequest(apiVersions, 0, 2, {}));
  expect((await client.nextFrame()).readInt32BE(0)).toBe(2);
  expect(broker.cluster.topics.partition('t', 0)?.logEndOffset).toBe(1);
  const old = await client.call<{ topics: { partitions: { errorCode: number }[] }[] }>(
    produce,
    2,
    produceRequest('old'),
  );
  expect(old.topics[0]?.partitions[0]?.errorCode).toBe(ErrorCode.UNSUPPORTED_VERSION);
  expect(broker.cluster.topics.partition('t', 0)?.logEndOffset).toBe(1);
  client.close();
});

test('a client that sends and never reads does not make the broker hold unbounded answers', async () => {
  const broker = await startTestBroker({ settings: { maxInFlight: 8, maxFetchWaitMs: 30_000 } });
  broker.cluster.topics.create('t', 1, {});
  const client = await connectRaw(broker.port);
  for (let i = 0; i < 50; i++) client.send(encodeRequest(fetch, 11, i, fetchRequest(20_000)));
  const other = await connectRaw(broker.port);
  await other.call(produce, 8, produceRequest('wake'));
  for (let i = 0; i < 50; i++) expect((await client.nextFrame()).readInt32BE(0)).toBe(i);
  client.close();
  other.close();
});
