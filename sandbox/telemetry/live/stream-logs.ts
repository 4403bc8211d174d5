import type { Filter, LogRecord } from '#contracts/telemetry/query.ts';
import { logMatches } from '../filter/matches.ts';
import { type StoredLog, toLogRecord } from '../records.ts';
import type { Hub } from './hub.ts';
import { createTicker } from './ticker.ts';

const gatherMs = 100;
/** More than this in one message is more than anyone reads; the newest are kept. */
const mostPerMessage = 1000;

/** Sends matching log records as they arrive, at most ten times a second. Returns the function that stops it. */
export function streamLogs(hub: Hub, filter: Filter, send: (logs: LogRecord[]) => void): () => void {
  let arrived: StoredLog[] = [];
  const ticker = createTicker(gatherMs, () => {
    const batch = arrived.slice(-mostPerMessage);
    arrived = [];
    send(batch.map(toLogRecord));
  });
  const unsubscribe = hub.subscribe({
    logs(logs) {
      const matching = logs.filter((log) => logMatches(filter, log));
      if (matching.length === 0) return;
      arrived.push(...matching);
      if (arrived.length > 2 * mostPerMessage) arrived = arrived.slice(-mostPerMessage);
      ticker.ask();
    },
  });
  return () => {
    unsubscribe();
    ticker.stop();
  };
}
