/** Sends captured lines to the telemetry store, as a cluster's log agent would: in batches, bounded, with retry. */
import { Agent, request } from 'node:http';
import type { CapturedLine } from '#contracts/sandbox/control.ts';
import { flatten, toLogRecord } from './log-line.ts';

export type LogSource = { name: string; instance: string; version: string };

export type LogShipper = {
  push(source: LogSource, line: CapturedLine): void;
  /** Sends what is left, within the deadline. */
  close(signal: AbortSignal): Promise<void>;
  /** Lines dropped because the store was away too long. */
  dropped(): number;
};

export type ShipperOptions = {
  url: string;
  key: string;
  /** A batch leaves this long after its first line: the delay that a live tail sees. */
  flushMs?: number;
  batchLines?: number;
  /** Lines kept while the store is away; then the oldest go. */
  bufferLines?: number;
};

type Entry = { source: LogSource; line: CapturedLine };

export function createLogShipper(options: ShipperOptions): LogShipper {
  const { flushMs = 100, batchLines = 1_000, bufferLines = 20_000 } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const queue: Entry[] = [];
  let dropped = 0;
  let timer: NodeJS.Timeout | null = null;
  let sending: Promise<boolean> | null = null;
  let failures = 0;

  function schedule(delayMs: number): void {
    timer ??= setTimeout(() => {
      timer = null;
      void flush();
    }, delayMs).unref();
  }

  async function flush(): Promise<void> {
    if (sending !== null || queue.length === 0) return;
    const batch = queue.splice(0, batchLines);
    sending = post(batch, options, agent, AbortSignal.timeout(5_000));
    const sent = await sending;
    sending = null;
    failures = sent ? 0 : failures + 1;
    if (!sent) queue.unshift(...batch);
    if (queue.length > 0) schedule(sent ? 0 : Math.min(5_000, 100 * 2 ** Math.min(failures, 6)));
  }

  return {
    push(source, line) {
      queue.push({ source, line });
      if (queue.length > bufferLines) {
        // A slice at once: shifting one by one from a long array costs more than the lines are worth.
        const excess = Math.ceil(bufferLines / 10);
        queue.splice(0, excess);
        dropped += excess;
      }
      if (sending === null) schedule(flushMs);
    },
    async close(signal) {
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => {}, 0);
      await sending;
      while (queue.length > 0 && !signal.aborted) {
        if (!(await post(queue.splice(0, batchLines), options, agent, signal))) break;
      }
      agent.destroy();
    },
    dropped: () => dropped,
  };
}

/** True when the batch is done with: accepted, or refused in a way that a retry cannot change. */
async function post(batch: Entry[], { url, key }: ShipperOptions, agent: Agent, signal: AbortSignal): Promise<boolean> {
  const body = JSON.stringify({ resourceLogs: resourceLogs(batch) });
  const status = await statusOf(`${url}/v1/logs`, { agent, signal, key, body }).catch(() => 0);
  return (status >= 200 && status < 300) || (status >= 400 && status < 500 && status !== 429);
}

/** By node:http: ten batches a second through fetch() cost three times the CPU. */
function statusOf(
  url: string,
  { agent, signal, key, body }: { agent: Agent; signal: AbortSignal; key: string; body: string },
): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-orrery-otlp-key': key,
  };
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent, signal, headers }, (response) => {
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
      response.resume();
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Groups the batch by process instance: one OTLP resource each. */
export function resourceLogs(batch: readonly Entry[]): unknown[] {
  const groups = Map.groupBy(batch, (entry) => entry.source.instance);
  return [...groups.values()].map((entries) => {
    const source = entries[0]?.source ?? { name: 'unknown', instance: 'unknown', version: '' };
    return {
      resource: {
        attributes: [
          ...flatten('service.name', source.name),
          ...flatten('service.instance.id', source.instance),
          ...flatten('service.version', source.version),
          ...flatten('deployment.environment.name', 'local'),
        ],
      },
      scopeLogs: [
        {
          scope: { name: 'orrery.log-agent' },
          logRecords: entries.map(({ source, line }) => toLogRecord(line, source.name)),
        },
      ],
    };
  });
}
