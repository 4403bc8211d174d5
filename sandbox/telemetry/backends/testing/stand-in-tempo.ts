import { HttpResponse, http } from 'msw';
import type { Attributes, AttributeValue } from '#contracts/telemetry/query.ts';
import { newSpanId, newTraceId, type TestSpan } from '../../testing.ts';
import { type TempoSpan, traceQlFinds } from './traceql.ts';

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
type Held = TempoSpan & { traceId: string; parentSpanId: string; startMs: number; durationMs: number; service: string };

/**
 * Answers as Tempo 3 is documented to, from the spans it was given: selection by testing/traceql.ts, traces in the JSON
 * of protobuf. Not a recording: no real Tempo has been asked.
 */
export function standInTempo(url: string) {
  const spans: Held[] = [];
  const handlers = [
    http.get(`${url}/ready`, () => HttpResponse.text('ready\n')),
    http.get(`${url}/api/search`, ({ request }) => HttpResponse.json(search(spans, new URL(request.url).searchParams))),
    http.get(`${url}/api/v2/traces/:id`, ({ params }) => {
      const own = spans.filter(({ traceId }) => traceId === params.id);
      return own.length === 0
        ? new HttpResponse('trace not found', { status: 404 })
        : HttpResponse.json({ trace: { resourceSpans: own.map(resourceSpans) }, metrics: { inspectedBytes: '1' } });
    }),
    http.get(`${url}/api/v2/search/tag/:name/values`, ({ params }) => {
      const name = decodeURIComponent(String(params.name)).replace(/^(resource)?\./, '');
      const values = new Set(
        spans.flatMap((span) => [span.attributes[name], span.resource[name]]).filter((value) => value !== undefined),
      );
      return HttpResponse.json({
        tagValues: [...values].map((value) => ({ type: 'string', value: String(value) })),
        metrics: {},
      });
    }),
  ];
  return { handlers, take: (sent: readonly TestSpan[]) => void spans.push(...sent.map(toHeld)) };
}

function toHeld(span: TestSpan): Held {
  const {
    traceId = newTraceId(),
    spanId = newSpanId(),
    parentSpanId = '',
    service = 'orders',
    startMs = 0,
    durationMs = 5,
  } = span;
  return {
    traceId,
    spanId,
    parentSpanId,
    service,
    startMs,
    durationMs,
    name: span.name ?? 'work',
    kind: kinds[span.kind ?? 1] ?? '',
    status: span.error === true ? 'error' : 'unset',
    durationNano: durationMs * 1e6,
    scope: 'test',
    attributes: span.attributes ?? {},
    resource: { 'service.name': service },
  };
}

function search(spans: readonly Held[], params: URLSearchParams) {
  const q = params.get('q') ?? '';
  if (!q.endsWith(' with (most_recent=true)')) throw new Error('without the hint the order is any');
  const [start, end] = [Number(params.get('start')) * 1000, Number(params.get('end')) * 1000];
  const traces = Map.groupBy(spans, ({ traceId }) => traceId);
  const found = [...traces.values()]
    .map((own) => ({
      own,
      from: Math.min(...own.map((span) => span.startMs)),
      to: Math.max(...own.map((span) => span.startMs + span.durationMs)),
    }))
    .filter(
      ({ own, from, to }) =>
        from <= end && to >= start && own.some((span) => traceQlFinds(q, span, { durationNano: (to - from) * 1e6 })),
    )
    .sort((a, b) => b.from - a.from)
    .slice(0, Number(params.get('limit')));
  return {
    traces: found.map(({ own, from, to }) => summary(own, from, to)),
    metrics: { inspectedBytes: '1', completedJobs: 1, totalJobs: 1 },
  };
}

function summary(own: readonly Held[], from: number, to: number) {
  const root = own.find(({ parentSpanId }) => parentSpanId === '');
  const byService = Map.groupBy(own, ({ service }) => service);
  return {
    traceID: own[0]?.traceId.replace(/^0+/, ''),
    rootServiceName: root?.service ?? '<root span not yet received>',
    rootTraceName: root?.name ?? '',
    startTimeUnixNano: `${from}000000`,
    durationMs: to - from,
    spanSets: [{ spans: [], matched: 1 }],
    serviceStats: Object.fromEntries([...byService].map(([name, some]) => [name, { spanCount: some.length }])),
  };
}

function resourceSpans(span: Held) {
  const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
  return {
    resource: { attributes: keyValues(span.resource) },
    scopeSpans: [
      {
        scope: { name: span.scope },
        spans: [
          {
            traceId: base64(span.traceId),
            spanId: base64(span.spanId),
            ...(span.parentSpanId === '' ? {} : { parentSpanId: base64(span.parentSpanId) }),
            name: span.name,
            kind: `SPAN_KIND_${span.kind.toUpperCase()}`,
            startTimeUnixNano: `${span.startMs}000000`,
            endTimeUnixNano: `${span.startMs + span.durationMs}000000`,
            attributes: keyValues(span.attributes),
            status: span.status === 'error' ? { code: 'STATUS_CODE_ERROR' } : {},
          },
        ],
      },
    ],
  };
}

function keyValues(attributes: Attributes) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: AttributeValue): object {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
