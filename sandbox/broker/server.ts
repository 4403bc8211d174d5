import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { AnyApi } from './apis/api.ts';
import { APIS } from './apis/registry.ts';
import { type Clock, systemClock, type Timer } from './clock.ts';
import type { Cluster } from './cluster.ts';
import { createEventBus, type EventBus } from './events.ts';
import { GroupCoordinator } from './groups/coordinator.ts';
import { type DataDirLock, lockDataDir } from './log/data-dir-lock.ts';
import { TopicStore } from './log/topic-store.ts';
import { writeFileAtomically } from './log/write-file-atomically.ts';
import { describeError, type Logger } from './logger.ts';
import { createDispatcher } from './net/dispatch.ts';
import { type Listener, type ListenerSpec, listen } from './net/listener.ts';
import { ProducerIds } from './producers/producer-ids.ts';
import { TransactionCoordinator } from './producers/transactions.ts';
import { type BrokerSettings, DEFAULT_SETTINGS } from './settings.ts';

export interface BrokerOptions {
  dataDir: string;
  listeners: readonly ListenerSpec[];
  logger: Logger;
  clock?: Clock;
  settings?: Partial<BrokerSettings>;
  apis?: readonly AnyApi[];
  /** How long to wait for an earlier broker on the same folder to finish. */
  lockWaitMs?: number;
}

export interface Broker {
  /** What happens inside, for live views and tests. */
  events: EventBus;
  cluster: Cluster;
  listeners: readonly Listener[];
  /** Closes connections, flushes, marks the folder as cleanly stopped. Safe to call twice. */
  stop(): Promise<void>;
}

const CLEAN_STOP_FILE = 'clean-stop';

/** Recovers what is in `dataDir`, then listens. Rejects when the folder is in use or an address is taken. */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { dataDir, logger } = options;
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = await lockDataDir(dataDir, options.lockWaitMs ?? 10_000);
  try {
    return await openBroker(options, lock);
  } catch (error) {
    logger.error('broker could not start', describeError(error));
    await lock.release();
    throw error;
  }
}

async function openBroker(options: BrokerOptions, lock: DataDirLock): Promise<Broker> {
  const { dataDir, logger } = options;
  const clock = options.clock ?? systemClock;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const events = createEventBus((error) => logger.error('event listener failed', describeError(error)));
  const cleanStopFile = path.join(dataDir, CLEAN_STOP_FILE);
  const cleanStop = fs.existsSync(cleanStopFile);
  fs.rmSync(cleanStopFile, { force: true });

  const topics = new TopicStore({ dataDir, clock, events, logger, maxPartitions: settings.maxPartitions });
  topics.open(cleanStop);
  const groups = new GroupCoordinator({
    file: path.join(dataDir, 'groups.log'),
    clock,
    events,
    logger,
    settings,
    newId: randomUUID,
  });
  groups.open();
  const producerIds = new ProducerIds(path.join(dataDir, 'producer-ids.json'));
  const transactions = new TransactionCoordinator({
    file: path.join(dataDir, 'transactions.log'),
    clock,
    logger,
    topics,
    groups,
    producerIds,
    maxTimeoutMs: settings.maxTransactionTimeoutMs,
  });
  transactions.open();
  const clusterId = readClusterId(path.join(dataDir, 'meta.json'));
  const cluster: Cluster = { clusterId, settings, clock, events, logger, topics, groups, producerIds, transactions };

  const timers = startMaintenance(cluster);
  const listeners: Listener[] = [];
  const closeListeners = () => Promise.all(listeners.map((listener) => listener.close()));
  try {
    const dispatch = createDispatcher(cluster, options.apis ?? APIS);
    const { maxRequestBytes, maxInFlight } = settings;
    for (const spec of options.listeners)
      listeners.push(await listen(spec, { dispatch, maxRequestBytes, maxInFlight, logger }));
  } catch (error) {
    for (const timer of timers) timer.cancel();
    await closeListeners();
    throw error;
  }

  let stopped: Promise<void> | null = null;
  const stop = async () => {
    for (const timer of timers) timer.cancel();
    await closeListeners();
    topics.forEachLog((log) => log.close());
    transactions.close();
    groups.close();
    writeFileAtomically(cleanStopFile, '');
    await lock.release();
  };
  return {
    events,
    cluster,
    listeners,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Background work: to disk once a second, retention every few seconds. A failure is logged and tried again. */
function startMaintenance(cluster: Cluster): Timer[] {
  const { clock, logger, settings, topics, groups, transactions } = cluster;
  const guarded = (what: string, run: () => void) => () => {
    try {
      run();
    } catch (error) {
      logger.error(`${what} failed`, describeError(error));
    }
  };
  const flush = guarded('flush', () => {
    topics.forEachLog((log) => log.sync((error) => logger.error('flush failed', describeError(error))));
    groups.sync();
    transactions.sync();
  });
  const expire = guarded('retention', () => {
    topics.enforceRetention();
    topics.forEachLog((log) => log.producers.expire(clock.now() - settings.producerIdExpirationMs));
    groups.expireOffsets(settings.offsetsRetentionMs);
  });
  return [clock.every(settings.flushIntervalMs, flush), clock.every(settings.retentionCheckIntervalMs, expire)];
}

function readClusterId(file: string): string {
  if (fs.existsSync(file)) return (JSON.parse(fs.readFileSync(file, 'utf8')) as { clusterId: string }).clusterId;
  const clusterId = randomUUID().replaceAll('-', '').slice(0, 22);
  writeFileAtomically(file, JSON.stringify({ clusterId, formatVersion: 1 }));
  return clusterId;
}
