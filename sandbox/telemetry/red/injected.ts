import { isInjected } from '#contracts/telemetry/injected.ts';

/**
 * Tells the errors that are injected. Spans of a trace come from several processes in any order: an error that looks
 * organic is remembered for a while, in case a touched span of its trace arrives later.
 */
export type InjectedErrors = {
  /** A touched span of the trace. Epoch nanoseconds. */
  touched(traceId: string, startNano: bigint): void;
  /** An error of the trace; `count` is called, now or later, when it is injected. */
  failed(traceId: string, endNano: bigint, count: () => void): void;
};

/** Traces that are remembered, touched or failed: at a thousand errors a second, the last seconds. */
const mostTraces = 10_000;
/** Errors of one trace that may still turn out to be injected. */
const mostErrors = 100;

type Open = { endNano: bigint; count: () => void };

export function createInjectedErrors(): InjectedErrors {
  const touchedFrom = new Map<string, bigint>();
  const open = new Map<string, Open[]>();
  return {
    touched(traceId, startNano) {
      const known = touchedFrom.get(traceId);
      if (known !== undefined && known <= startNano) return;
      touchedFrom.set(traceId, startNano);
      trim(touchedFrom);
      const errors = open.get(traceId);
      if (errors === undefined) return;
      const organic = errors.filter(({ endNano }) => !isInjected(endNano, startNano));
      for (const error of errors) if (!organic.includes(error)) error.count();
      if (organic.length === 0) open.delete(traceId);
      else open.set(traceId, organic);
    },
    failed(traceId, endNano, count) {
      if (isInjected(endNano, touchedFrom.get(traceId) ?? null)) {
        count();
        return;
      }
      const errors = open.get(traceId);
      if (errors === undefined) open.set(traceId, [{ endNano, count }]);
      else if (errors.length < mostErrors) errors.push({ endNano, count });
      trim(open);
    },
  };
}

/** Forgets the oldest. */
function trim(traces: Map<string, unknown>): void {
  if (traces.size <= mostTraces) return;
  for (const oldest of traces.keys()) {
    traces.delete(oldest);
    return;
  }
}
