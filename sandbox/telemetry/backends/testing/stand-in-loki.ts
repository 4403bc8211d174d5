import { HttpResponse, http } from 'msw';
import type { TestLog } from '../../testing.ts';
import { type LokiLine, logQlFinds } from './logql.ts';

type Line = LokiLine & { timeNano: bigint };

/**
 * Answers as Loki 3 is documented to, from the lines it was given: selection by testing/logql.ts, labels as its OTLP
 * endpoint makes them with observability/loki/loki.yaml. Not a recording: no real Loki has been asked.
 */
export function standInLoki(url: string) {
  const lines: Line[] = [];
  const handlers = [
    http.get(`${url}/ready`, () => HttpResponse.text('ready\n')),
    http.get(`${url}/loki/api/v1/query_range`, ({ request }) => {
      const { searchParams: params } = new URL(request.url);
      const [start, end] = [BigInt(params.get('start') ?? 0), BigInt(params.get('end') ?? 0)];
      if (end - start > 721n * 3_600_000_000_000n)
        return new HttpResponse('the query time range exceeds the limit', { status: 400 });
      const sign = params.get('direction') === 'forward' ? 1 : -1;
      const found = lines
        .filter((line) => line.timeNano >= start && line.timeNano < end && logQlFinds(params.get('query') ?? '', line))
        .sort((a, b) => sign * Number(a.timeNano - b.timeNano))
        .slice(0, Number(params.get('limit') ?? 100));
      return HttpResponse.json(streams(found));
    }),
    http.get(`${url}/loki/api/v1/query`, ({ request }) => {
      const query = new URL(request.url).searchParams.get('query') ?? '';
      const [, label = '', inner = ''] = /sum by \((\w+)\) \(count_over_time\((.*) \[1h\]\)\)/.exec(query) ?? [];
      const counts = new Map<string, number>();
      for (const line of lines) {
        if (!logQlFinds(inner, line)) continue;
        const value = line.labels[label] ?? '';
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      const result = [...counts].map(([value, count]) => ({
        metric: value === '' ? {} : { [label]: value },
        value: [1764500000, String(count)],
      }));
      return HttpResponse.json({ status: 'success', data: { resultType: 'vector', result, stats: {} } });
    }),
  ];
  return { handlers, take: (logs: readonly TestLog[]) => void lines.push(...logs.map(toLine)) };
}

function toLine({
  service = 'orders',
  body = 'something happened',
  severityNumber = 9,
  timeMs = 0,
  traceId,
  attributes = {},
}: TestLog): Line {
  const own = Object.entries(attributes).map(([name, value]) => [
    name.replace(/[^A-Za-z0-9_]/g, '_'),
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  return {
    timeNano: BigInt(timeMs) * 1_000_000n,
    text: body,
    labels: {
      service_name: service,
      severity_number: String(severityNumber),
      ...(traceId === undefined ? {} : { trace_id: traceId }),
      ...Object.fromEntries(own),
    },
  };
}

/** One stream for each set of index labels; what came with a line is beside it. */
function streams(lines: readonly Line[]) {
  const services = [...new Set(lines.map(({ labels }) => labels.service_name ?? ''))];
  const result = services.map((service) => ({
    stream: { service_name: service },
    values: lines
      .filter(({ labels }) => labels.service_name === service)
      .map(({ timeNano, text, labels: { service_name: _, ...structuredMetadata } }) => [
        String(timeNano),
        text,
        { structuredMetadata },
      ]),
  }));
  return {
    status: 'success',
    data: { resultType: 'streams', encodingFlags: ['categorize-labels'], result, stats: {} },
  };
}
