import type { LogRecord, LogSearchResult } from '#contracts/telemetry/query.ts';

/** Part of the log that is on screen: newest first, without gaps; `hasMore` says that there is older. Pure. */
export type LogWindow = LogSearchResult;

/** Position of a record: a later one has a larger id, which may have more digits than a number. */
export function sequenceOf(record: Pick<LogRecord, 'id'>): bigint {
  return /^\d+$/.test(record.id) ? BigInt(record.id) : -1n;
}

/** The window with records that arrived, in any order and possibly again; at most `most` rows, the oldest go first. */
export function withArrived(window: LogWindow, arrived: readonly LogRecord[], most: number): LogWindow {
  if (arrived.length === 0) return window;
  const newest = window.logs[0] ? sequenceOf(window.logs[0]) : -1n;
  const batch = newestFirst(arrived);
  const last = batch.at(-1);
  const inOrder = last !== undefined && sequenceOf(last) > newest;
  const logs = inOrder ? [...batch, ...window.logs] : newestFirst([...batch, ...window.logs]);
  if (logs.length === window.logs.length) return window;
  return logs.length > most ? { ...window, logs: logs.slice(0, most), hasMore: true } : { ...window, logs };
}

/** The window with the page before it. */
export function withOlder(window: LogWindow, page: LogSearchResult): LogWindow {
  const oldest = window.logs.at(-1);
  const older = oldest ? page.logs.filter((log) => sequenceOf(log) < sequenceOf(oldest)) : page.logs;
  return { ...window, logs: [...window.logs, ...older], hasMore: page.hasMore };
}

/** Index of the row with this sequence in rows by ascending sequence, or of the first one after it. */
export function indexOfSequence(rows: readonly Pick<LogRecord, 'id'>[], sequence: bigint): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row && sequenceOf(row) < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}

function newestFirst(records: readonly LogRecord[]): LogRecord[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  return [...byId.values()].sort((one, other) => {
    const apart = sequenceOf(other) - sequenceOf(one);
    return apart === 0n ? 0 : apart < 0n ? -1 : 1;
  });
}
