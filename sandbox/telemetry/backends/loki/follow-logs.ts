import type { Filter, LogRecord } from '#contracts/telemetry/query.ts';
import type { Feed } from '../../api/answers.ts';
import { logMatches } from '../../filter/matches.ts';
import { poll } from '../poll.ts';
import { type LokiLog, toLog } from './log-line.ts';
import { type Loki, mostLines } from './loki.ts';
import { toRecord } from './search-logs.ts';
import { filterToLogQl } from './to-logql.ts';

/** A line is dated when it was written, and arrives later: through Docker, the Collector and their queues. */
const arrivesWithinMs = 15_000;
/** More than this in one message is more than anyone reads; the newest are kept. */
const mostPerMessage = 1000;

/**
 * Matching records as they arrive: asks once a second for what is dated in the last seconds and leaves out what was
 * there before. A line that takes longer to arrive is found by searching only; so is what exceeds `mostLines` in them.
 */
export async function followLogs(
  loki: Loki,
  filter: Filter,
  { now, everyMs }: { now: () => number; everyMs: number },
  signal: AbortSignal,
): Promise<Feed<LogRecord[]>> {
  const compiled = filterToLogQl(filter);
  if (compiled === null) return () => () => undefined;
  let seen = new Set<bigint>();
  const fresh = async (until: AbortSignal): Promise<LokiLog[]> => {
    const nowNano = BigInt(Math.floor(now())) * 1_000_000n;
    const fromNano = nowNano - BigInt(arrivesWithinMs) * 1_000_000n;
    const lines = await loki.lines(
      { query: compiled.query, fromNano, toNano: nowNano + 60_000_000_000n, order: 'newest', limit: mostLines },
      until,
    );
    const logs = lines.map((line) => toLog(line, compiled.named));
    const news = logs.filter((log) => !seen.has(log.id));
    seen = new Set(logs.map((log) => log.id));
    return news.filter((log) => logMatches(filter, log)).sort((a, b) => (a.id < b.id ? -1 : 1));
  };
  await fresh(signal);
  return (to) =>
    poll(
      everyMs,
      async (until) => {
        const logs = await fresh(until);
        return logs.length === 0 ? [] : [logs.slice(-mostPerMessage).map(toRecord)];
      },
      to,
    );
}
