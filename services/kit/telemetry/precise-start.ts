/**
 * Start times of spans in fractions of a millisecond.
 *
 * OpenTelemetry JS measures durations with the monotonic clock but starts every span at a whole millisecond
 * (`Date.now()`), so that in a waterfall what happens within a millisecond begins at once, and children end after the
 * parent that really encloses them.
 */
import type { HrTime } from '@opentelemetry/api';
import { hrTimeToMilliseconds, millisToHrTime } from '@opentelemetry/core';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';

/**
 * Epoch milliseconds, with a fraction, of an instant on the monotonic clock. The wall clock, read before and after that
 * instant, says which millisecond it was: where the two clocks have drifted apart (NTP slews the one, a suspended
 * laptop stops the other), the answer is moved just enough to lie between the two readings again.
 */
export type InstantClock = (monotonicMs: number, wallBeforeMs: number, wallAfterMs: number) => number;

/** `originMs`: epoch milliseconds at the zero of the monotonic clock, as measured at process start. */
export function createInstantClock(originMs: number): InstantClock {
  return (monotonicMs, wallBeforeMs, wallAfterMs) => {
    const instantMs = originMs + monotonicMs;
    if (instantMs < wallBeforeMs) originMs = wallBeforeMs - monotonicMs;
    // Just below the end of the millisecond: 1/1024 ms is exact in a double of this size.
    else if (instantMs >= wallAfterMs + 1) originMs = wallAfterMs + 1023 / 1024 - monotonicMs;
    return originMs + monotonicMs;
  };
}

/** The SDK's span, with what its type hides. */
type StartedSpan = { startTime: HrTime; _startTimeProvided?: boolean; _performanceStartTime?: number };

/** Gives each span a precise start; its end follows, since the SDK adds the measured duration to it. */
export function preciseStart(): SpanProcessor {
  const toEpoch = createInstantClock(performance.timeOrigin);
  return {
    onStart(span: Span) {
      const started = span as unknown as StartedSpan;
      const { _performanceStartTime: monotonicMs } = started;
      // Who named a time of their own is left alone: the SDK takes the end of such a span from the wall clock.
      if (monotonicMs === undefined || started._startTimeProvided === true) return;
      started.startTime = millisToHrTime(toEpoch(monotonicMs, hrTimeToMilliseconds(started.startTime), Date.now()));
    },
    onEnd() {},
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
