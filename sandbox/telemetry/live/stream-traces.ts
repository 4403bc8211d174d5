import type { Filter, TraceSummary } from '#contracts/telemetry/query.ts';
import { spanMatches } from '../filter/matches.ts';
import type { SpanRecord } from '../records.ts';
import { type TracePart, toSummary } from '../store/trace-part.ts';
import type { Hub } from './hub.ts';
import { createTicker } from './ticker.ts';
import type { TraceWindow } from './window.ts';

/** Fastest repeat for one trace, and the pace at which arrivals are gathered. */
const perTraceMs = 250;
const gatherMs = 25;
const mostFollowed = 20_000;

export type TraceStreamOptions = {
  hub: Hub;
  window: TraceWindow;
  filter: Filter;
  /** What the store knows of a trace that was not in the window when it grew. */
  lookUp(traceId: string): Promise<TracePart | null>;
  send(summary: TraceSummary): void;
};

type Followed = { sentMs: number; dirty: boolean };

/** Sends the summary of each matching trace when it is new or has grown. Returns the function that stops it. */
export function streamTraces({ hub, window, filter, lookUp, send }: TraceStreamOptions): () => void {
  const followed = new Map<string, Followed>();
  const all = filter.conditions.length === 0 && (filter.text === null || filter.text === '');
  let stopped = false;

  const matches = (span: SpanRecord): boolean =>
    all || spanMatches(filter, span) || (window.get(span.traceId)?.spans.some((s) => spanMatches(filter, s)) ?? false);

  const follow = (span: SpanRecord): void => {
    const known = followed.get(span.traceId);
    if (known !== undefined) known.dirty = true;
    else if (matches(span)) followed.set(span.traceId, { sentMs: 0, dirty: true });
  };
  const sendDue = (): void => {
    const now = performance.now();
    let waiting = false;
    for (const [traceId, entry] of followed) {
      if (!entry.dirty) continue;
      if (now - entry.sentMs < perTraceMs) waiting = true;
      else {
        entry.dirty = false;
        entry.sentMs = now;
        void sendOne(traceId);
      }
    }
    // Traces that went quiet are forgotten; should one grow again, it is matched again.
    for (const [traceId, entry] of followed) {
      if (followed.size <= mostFollowed) break;
      if (!entry.dirty) followed.delete(traceId);
    }
    if (waiting) ticker.ask();
  };
  const sendOne = async (traceId: string): Promise<void> => {
    const recent = window.get(traceId);
    // A trace seen from its root on is all in the window; one without may have begun before it.
    const complete = recent !== undefined && recent.part.root !== null;
    const part = complete ? recent.part : ((await lookUp(traceId).catch(() => null)) ?? recent?.part);
    if (part !== undefined && !stopped) send(toSummary(part));
  };
  const ticker = createTicker(gatherMs, sendDue);
  const unsubscribe = hub.subscribe({
    spans(spans) {
      for (const span of spans) follow(span);
      ticker.ask();
    },
  });
  return () => {
    stopped = true;
    unsubscribe();
    ticker.stop();
  };
}
