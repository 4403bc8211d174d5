import type { Cluster } from '../cluster.ts';
import { ErrorCode } from '../errors.ts';
import { describeError } from '../logger.ts';
import {
  array,
  int8,
  int16,
  int32,
  int64,
  nullableArray,
  nullableBytes,
  since,
  string,
  struct,
  type ValueOf,
} from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * Fetch · key 1 · versions 4–11
 *
 * Behaviour: answers as soon as `min_bytes` are there, an error is found, or the wait is over (at most
 * `maxFetchWaitMs`, see settings). Whole batches only; the first one is returned even when it is larger than the
 * limits (KIP-74). The order of partitions rotates, so that a small `max_bytes` starves none. read_committed stops
 * at the last stable offset and lists aborted transactions. Always session id 0: no fetch sessions (KIP-227).
 * Versions: 4 isolation level · 5 log start offset · 7 sessions · 9 leader epoch · 11 rack, preferred replica (−1).
 * KIPs: 74, 98, 227 (declined), 392.
 */
const request = struct({
  replicaId: int32,
  maxWaitMs: int32,
  minBytes: int32,
  maxBytes: int32,
  isolationLevel: int8,
  sessionId: since(7, int32),
  sessionEpoch: since(7, int32, -1),
  topics: array(
    struct({
      name: string,
      partitions: array(
        struct({
          index: int32,
          leaderEpoch: since(9, int32, -1),
          fetchOffset: int64,
          logStartOffset: since(5, int64, -1),
          maxBytes: int32,
        }),
      ),
    }),
  ),
  forgottenTopics: since(7, array(struct({ name: string, partitions: array(int32) }))),
  rackId: since(11, string),
});

const partitionResponse = struct({
  index: int32,
  errorCode: int16,
  highWatermark: int64,
  lastStableOffset: int64,
  logStartOffset: since(5, int64, -1),
  abortedTransactions: nullableArray(struct({ producerId: int64, firstOffset: int64 })),
  preferredReadReplica: since(11, int32, -1),
  records: nullableBytes,
});

const response = struct({
  throttleTimeMs: int32,
  errorCode: since(7, int16),
  sessionId: since(7, int32),
  topics: array(struct({ name: string, partitions: array(partitionResponse) })),
});

type Request = ValueOf<typeof request>;
type Response = ValueOf<typeof response>;
type PartitionResponse = ValueOf<typeof partitionResponse>;
type Wanted = Request['topics'][number]['partitions'][number];

export const fetch = defineApi({
  key: 1,
  name: 'Fetch',
  versions: [4, 11],
  flexibleSince: 12,
  request,
  response,
  handle(cluster, body, context) {
    const waitMs = Math.min(body.maxWaitMs, cluster.settings.maxFetchWaitMs);
    const first = collect(cluster, body);
    if (first.isReady || waitMs <= 0) return first.response;
    return waitForMore(cluster, body, waitMs, context.signal);
  },
  refuse: (body, errorCode) => answer(body, (index) => empty(index, errorCode)),
});

/** Waits for appends to the wanted partitions; several in one tick are answered together. */
function waitForMore(cluster: Cluster, body: Request, waitMs: number, signal: AbortSignal): Promise<Response | null> {
  return new Promise((resolve, reject) => {
    let scheduled = false;
    const stops: (() => void)[] = [];
    const finish = (response: Response | null) => {
      for (const stop of stops) stop();
      resolve(response);
    };
    const look = () => {
      scheduled = false;
      if (signal.aborted) return;
      try {
        const now = collect(cluster, body);
        if (now.isReady) finish(now.response);
      } catch (error) {
        for (const stop of stops) stop();
        reject(error);
      }
    };
    const onChange = () => {
      if (scheduled) return;
      scheduled = true;
      queueMicrotask(look);
    };
    const onAbort = () => finish(null);
    for (const { name, partitions } of body.topics) {
      for (const { index } of partitions) {
        const log = cluster.topics.partition(name, index);
        if (log) stops.push(log.watch(onChange));
      }
    }
    const timer = cluster.clock.after(waitMs, () => finish(collect(cluster, body).response));
    stops.push(() => timer.cancel());
    signal.addEventListener('abort', onAbort, { once: true });
    stops.push(() => signal.removeEventListener('abort', onAbort));
  });
}

/** What can be given now, and whether that is enough to answer. */
function collect(cluster: Cluster, body: Request): { response: Response; isReady: boolean } {
  let budget = Math.min(body.maxBytes, cluster.settings.maxFetchBytes);
  let bytes = 0;
  let failed = false;
  const wanted = body.topics.flatMap(({ name, partitions }) => partitions.map((partition) => ({ name, partition })));
  const start = wanted.length > 1 ? Math.floor(Math.random() * wanted.length) : 0;
  const found = new Map<Wanted, PartitionResponse>();
  for (let i = 0; i < wanted.length; i++) {
    const item = wanted[(start + i) % wanted.length];
    if (!item) continue;
    const result = readPartition(cluster, body, item.name, item.partition, budget, bytes === 0);
    const size = result.records?.length ?? 0;
    bytes += size;
    budget -= size;
    failed ||= result.errorCode !== ErrorCode.NONE;
    found.set(item.partition, result);
  }
  const response: Response = {
    ...answer({ ...body, topics: [] }, () => empty(0, 0)),
    topics: body.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((p) => found.get(p) ?? empty(p.index, ErrorCode.UNKNOWN_SERVER_ERROR)),
    })),
  };
  return { response, isReady: failed || bytes >= body.minBytes || wanted.length === 0 };
}

function readPartition(
  cluster: Cluster,
  body: Request,
  topic: string,
  wanted: Wanted,
  budget: number,
  wholeFirst: boolean,
): PartitionResponse {
  const log = cluster.topics.partition(topic, wanted.index);
  if (!log) return empty(wanted.index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  const committedOnly = body.isolationLevel === 1;
  const before = committedOnly ? log.lastStableOffset : log.logEndOffset;
  const base: PartitionResponse = {
    ...empty(wanted.index, ErrorCode.NONE),
    highWatermark: log.logEndOffset,
    lastStableOffset: log.lastStableOffset,
    logStartOffset: log.logStartOffset,
  };
  if (wanted.fetchOffset < log.logStartOffset || wanted.fetchOffset > log.logEndOffset) {
    return { ...base, errorCode: ErrorCode.OFFSET_OUT_OF_RANGE };
  }
  const maxBytes = Math.max(0, Math.min(wanted.maxBytes, budget));
  let records: Buffer;
  try {
    records = log.read({ offset: wanted.fetchOffset, maxBytes, before, wholeFirst });
  } catch (error) {
    cluster.logger.error('read failed', { topic, partition: wanted.index, ...describeError(error) });
    return { ...base, errorCode: ErrorCode.KAFKA_STORAGE_ERROR };
  }
  const abortedTransactions = committedOnly ? log.transactions.abortedBetween(wanted.fetchOffset, before) : null;
  return { ...base, records, abortedTransactions };
}

const NO_RECORDS = Buffer.alloc(0);

function empty(index: number, errorCode: number): PartitionResponse {
  return {
    index,
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: NO_RECORDS,
  };
}

function answer(body: Request, partition: (index: number) => PartitionResponse): Response {
  const topics = body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ index }) => partition(index)),
  }));
  return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, sessionId: 0, topics };
}
