import type { Span } from '#contracts/telemetry/query.ts';
import type { TopicRecord } from '../evidence/topic-record.ts';
import { firstOf, fleetInvariant } from './invariant.ts';

export type SampledTrace = {
  orderId: string;
  traceId: string;
  producers: string[];
  spans: Pick<Span, 'spanId' | 'parentSpanId' | 'service' | 'name' | 'links'>[];
};

/** Traces are large: a few are looked at each time, more in the final audit. */
const sample = { continuous: 2, final: 25 };
const settleMs = 15_000;

export const obs1 = fleetInvariant<{ traces: SampledTrace[]; gone: number }>({
  id: 'OBS1',
  name: 'One order, one connected trace',
  kind: 'observability',
  statement:
    'The trace of an order is one tree: one span without a parent in it, and in it every service that published about the order. Looked at in samples.',
  deadlineMs: null,
  everyMs: 10_000,
  async load({ index, traces, nowMs, final }) {
    const candidates = index
      .ids()
      .flatMap((id) => index.get(id) ?? [])
      .filter(({ ended, touchedAt }) => ended && (final || nowMs - touchedAt > settleMs))
      .slice(-300);
    const wanted = final ? sample.final : sample.continuous;
    const step = Math.max(1, Math.floor(candidates.length / wanted));
    const offset = final ? 0 : Math.floor(nowMs / 10_000) % step;
    const chosen = candidates.filter((_, at) => at % step === offset).slice(0, wanted);
    const found: SampledTrace[] = [];
    let gone = 0;
    for (const { id, records } of chosen) {
      const traceId = traceOf(records);
      const spans = traceId === null ? null : await traces.spans(traceId);
      if (traceId === null || spans === null) gone += 1;
      else found.push({ orderId: id, traceId, producers: producersOf(records), spans });
    }
    return { traces: found, gone };
  },
  check: ({ traces, gone }) => ({
    evidence: {
      traces: traces.length,
      spans: traces.reduce((sum, { spans }) => sum + spans.length, 0),
    },
    ...(traces.length === 0
      ? { unknown: gone > 0 ? 'telemetry holds none of the sampled traces any more' : 'no order has ended yet' }
      : {}),
    violations: traces.flatMap(({ orderId, traceId, producers, spans }) => {
      const ids = new Set(spans.map(({ spanId }) => spanId));
      const linked = ({ links }: (typeof spans)[number]) => links.some((link) => ids.has(link.spanId));
      const roots = spans.filter(
        (span) => (span.parentSpanId === null || !ids.has(span.parentSpanId)) && !linked(span),
      );
      const silent = producers.filter((producer) => !spans.some(({ service }) => service === producer));
      const problems = [
        ...(roots.length > 1
          ? [
              `${roots.length} parts without a parent: ${firstOf(roots.map(({ service, name }) => `${service} “${name}”`))}`,
            ]
          : []),
        ...(silent.length > 0 ? [`no span of ${silent.join(', ')}`] : []),
      ];
      return problems.length === 0
        ? []
        : [
            {
              subject: orderId,
              orderId,
              problem: `Trace ${traceId} of ${spans.length} spans has ${problems.join('; ')}.`,
            },
          ];
    }),
  }),
});

function traceOf(records: readonly TopicRecord[]): string | null {
  return records.find(({ event }) => event === 'order.created')?.traceId ?? null;
}

function producersOf(records: readonly TopicRecord[]): string[] {
  return [...new Set(records.flatMap(({ producer }) => producer ?? []))].sort();
}
