import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import { createInjectedTracker } from './faults/injected.ts';
import { createStamper } from './faults/stamper.ts';
import type { Hub } from './live/hub.ts';
import type { TraceWindow } from './live/window.ts';
import type { NewLog, SpanRecord } from './records.ts';
import type { RedTable } from './red/red.ts';
import type { Store } from './store/store.ts';

/** The one way in: marked by faults, then memory and live subscribers, then the store. */
export type Intake = {
  takeSpans(spans: readonly SpanRecord[]): void;
  takeLogs(logs: readonly NewLog[]): void;
  /** The faults there are; spans that they touched are marked from now on. */
  learnFaults(windows: readonly FaultWindow[]): void;
  /** Takes in what still waits for news of a fault. */
  flush(): void;
  /** True while senders should wait: the disk is behind. */
  overloaded(): boolean;
};

/** About 40 MB of records; at 20 000 spans/s it is most of a second of a busy disk. */
const mostPending = 15_000;

export function createIntake(store: Store, window: TraceWindow, red: RedTable, hub: Hub): Intake {
  const tracker = createInjectedTracker();
  const stamper = createStamper((spans) => {
    const arrivedMs = Date.now();
    const arrived = spans.map((span) => ({ span, seq: store.nextSeq(), arrivedMs }));
    const injected = tracker.take(arrived);
    for (const span of spans) window.add(span, arrivedMs);
    for (const { span } of injected) window.addInjected(span.traceId);
    red.record(spans);
    for (const { span } of injected) red.addInjected(span);
    hub.publishSpans(spans);
    store.addSpans(arrived, injected);
  });
  return {
    takeSpans(spans) {
      if (spans.length > 0) stamper.take(spans);
    },
    learnFaults: stamper.learn,
    flush: stamper.flush,
    takeLogs(logs) {
      if (logs.length === 0) return;
      const stored = logs.map((log) => ({ ...log, seq: store.nextSeq() }));
      hub.publishLogs(stored);
      store.addLogs(stored);
    },
    overloaded: () => store.pending() > mostPending,
  };
}
