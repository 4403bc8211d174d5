import { setTimeout as sleep } from 'node:timers/promises';
import type { Span } from '#contracts/telemetry/query.ts';
import type { TopicRecord } from '../evidence/topic-record.ts';
import type { TraceSource } from '../evidence/traces.ts';
import { firstOf, fleetInvariant } from './invariant.ts';

export type SampledTrace = {
  orderId: string;
  /** Of the request that placed it, and of others that changed it: a cancellation begins a trace of its own. */
  traceIds: string[];
  producers: string[];
  spans: Pick<Span, 'spanId' | 'parentSpanId' | 'service' | 'name' | 'links'>[];
};

/** Traces are large: a few are looked at each time, more in the final audit. */
const sample = { continuous: 2, final: 25 };
const settleMs = 15_000;
const retries = 15;
const retryMs = 1_000;

export const obs1 = fleetInvariant<{ traces: SampledTrace[]; gone: number }>({
  id: 'OBS1',
  name: 'One order, one connected trace',
  kind: 'observability',
  statement:
    'Each request that touches an order has one trace, and that is one tree: no span has lost its parent, and every service that published about the order is in it. Looked at in samples, of orders placed since the last start of a process: one that is killed takes its last spans with it.',
  deadlineMs: null,
  everyMs: 10_000,
  async load({ index, traces, nowMs, lastStartMs, final }) {
    const candidates = index
      .ids()
      .flatMap((id) => index.get(id) ?? [])
      .filter(({ ended, touchedAt }) => ended && (final || nowMs - touchedAt > settleMs))
      .filter(({ records }) => lastStartMs !== null && records.every(({ publishedAt }) => publishedAt > lastStartMs))
      .slice(-300);
    const wanted = final ? sample.final : sample.continuous;
    const step = Math.max(1, Math.floor(candidates.length / wanted));
    const offset = final ? 0 : Math.floor(nowMs / 10_000) % step;
    const chosen = candidates.filter((_, at) => at % step === offset).slice(0, wanted);
    const found: SampledTrace[] = [];
    let gone = 0;
    for (const { id, records, touchedAt } of chosen) {
      const traceIds = tracesOf(records);
      const producers = producersOf(records);
      let spans = await spansOf(traces, traceIds);
      // Spans are exported in batches, a few seconds after their service has done the work.
      for (let left = retries; left > 0 && final && nowMs - touchedAt < settleMs; left--) {
        if (spans !== null && faultsOf({ traceIds, producers, spans }).length === 0) break;
        await sleep(retryMs);
        spans = await spansOf(traces, traceIds);
      }
      if (spans === null) gone += 1;
      else found.push({ orderId: id, traceIds, producers, spans });
    }
    return { traces: found, gone };
  },
  check: ({ traces, gone }) => ({
    evidence: {
      traces: traces.length,
      spans: traces.reduce((sum, { spans }) => sum + spans.length, 0),
    },
    ...(traces.length === 0
      ? {
          unknown:
            gone > 0
              ? 'telemetry holds none of the sampled traces any more'
              : 'no order has been placed and has ended since the last start of a process',
        }
      : {}),
    violations: traces.flatMap(({ orderId, traceIds, producers, spans }) => {
      const faults = faultsOf({ traceIds, producers, spans });
      const problem = `Trace ${traceIds.join(' and ')} of ${spans.length} spans has ${faults.join('; ')}.`;
      return faults.length === 0 ? [] : [{ subject: orderId, orderId, problem }];
    }),
  }),
});

/** Why a trace is not one tree with everybody in it. */
function faultsOf({ traceIds, producers, spans }: Omit<SampledTrace, 'orderId'>): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const linked = ({ links }: SampledTrace['spans'][number]) => links.some((link) => ids.has(link.spanId));
  const roots = spans.filter((span) => (span.parentSpanId === null || !ids.has(span.parentSpanId)) && !linked(span));
  const silent = producers.filter((producer) => !spans.some(({ service }) => service === producer));
  return [
    ...(roots.length > traceIds.length
      ? [`${roots.length} parts without a parent: ${firstOf(roots.map(({ service, name }) => `${service} “${name}”`))}`]
      : []),
    ...(silent.length > 0 ? [`no span of ${silent.join(', ')}`] : []),
  ];
}

/** The spans of all traces; null when the store holds none of one of them. */
async function spansOf(traces: TraceSource, traceIds: readonly string[]): Promise<Span[] | null> {
  const all = await Promise.all(traceIds.map((traceId) => traces.spans(traceId)));
  return all.length === 0 || all.includes(null) ? null : all.flatMap((spans) => spans ?? []);
}

function tracesOf(records: readonly TopicRecord[]): string[] {
  return [...new Set(records.flatMap(({ traceId }) => traceId ?? []))];
}

function producersOf(records: readonly TopicRecord[]): string[] {
  return [...new Set(records.flatMap(({ producer }) => producer ?? []))].sort();
}
