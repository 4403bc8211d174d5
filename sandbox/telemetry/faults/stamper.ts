import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import type { SpanRecord } from '../records.ts';
import { marked } from './mark-touched.ts';
import { subjectOf, type Touch, touch } from './touch.ts';

/** Marks spans that a fault touched with its id and kind, before anybody sees them. */
export type Stamper = {
  /** The faults there are from now on; what waited for news of them is judged again. */
  learn(windows: readonly FaultWindow[]): void;
  /** Hands spans on, marked where they were touched. What cannot be told yet is handed on within `mostWaitMs`. */
  take(spans: readonly SpanRecord[]): void;
  /** Hands on what waits, as it is. */
  flush(): void;
};

/** An engine that asks for hits every 300 ms has told within this time; less than what a crash may cost (README). */
export const mostWaitMs = 700;
const mostWaiting = 4_000;
/** Messages whose sending is remembered. */
const mostSent = 20_000;

export function createStamper(pass: (spans: readonly SpanRecord[]) => void): Stamper {
  let windows: readonly FaultWindow[] = [];
  /** Start of producer spans, by span id: a message waits from there on. */
  const sent = new Map<string, bigint>();
  let waiting: SpanRecord[] = [];
  let timer: NodeJS.Timeout | null = null;

  /** A new record when it was touched, the same when not, null while that is open. */
  function judge(span: SpanRecord): SpanRecord | null {
    // Whoever marked it was there when it happened.
    if (span.attributes[names.chaosFaultKind] !== undefined) return span;
    const subject = subjectOf(span, span.kind === 'consumer' ? (sent.get(span.parentSpanId ?? '') ?? null) : null);
    let verdict: Touch = 'no';
    for (const window of windows) {
      const found = touch(window, subject);
      if (found === 'yes') return marked(span, window);
      if (found === 'later') verdict = 'later';
    }
    return verdict === 'no' ? span : null;
  }

  function remember({ kind, spanId, startNano }: SpanRecord): void {
    if (kind !== 'producer') return;
    sent.set(spanId, startNano);
    if (sent.size <= mostSent) return;
    for (const oldest of sent.keys()) {
      sent.delete(oldest);
      break;
    }
  }

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const rest = waiting;
    waiting = [];
    if (rest.length > 0) pass(rest);
  }

  function keep(undecided: readonly SpanRecord[]): void {
    waiting.push(...undecided);
    if (waiting.length > mostWaiting) flush();
    else if (waiting.length > 0) timer ??= setTimeout(flush, mostWaitMs);
  }

  function sort(spans: readonly SpanRecord[]): { decided: SpanRecord[]; undecided: SpanRecord[] } {
    const decided: SpanRecord[] = [];
    const undecided: SpanRecord[] = [];
    for (const span of spans) {
      const judged = judge(span);
      if (judged === null) undecided.push(span);
      else decided.push(judged);
    }
    return { decided, undecided };
  }

  return {
    learn(news) {
      windows = news;
      const { decided, undecided } = sort(waiting);
      waiting = undecided;
      if (waiting.length === 0 && timer !== null) {
        clearTimeout(timer);
        timer = null;
      }
      if (decided.length > 0) pass(decided);
    },
    take(spans) {
      for (const span of spans) remember(span);
      if (windows.length === 0) {
        pass(spans);
        return;
      }
      const { decided, undecided } = sort(spans);
      if (decided.length > 0) pass(decided);
      keep(undecided);
    },
    flush,
  };
}
