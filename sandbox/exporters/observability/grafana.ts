import { allCalls, latencyOf } from '../slo/slo.ts';
import type { Site } from './site.ts';

/** Grafana puts the tags of the span here, as matchers. */
const tags = '$${__tags}, ';

/**
 * Data sources that lead to each other: metric → trace by exemplar, trace ↔ log by id, trace → metric by service. `$$` is
 * Grafana's escape of `$`.
 */
export function datasources({ hostOf }: Site): object {
  const source = (name: string, port: number, jsonData: object) => ({
    name: name.charAt(0).toUpperCase() + name.slice(1),
    uid: name,
    type: name,
    access: 'proxy',
    url: `http://${hostOf(name)}:${port}`,
    editable: false,
    jsonData,
  });
  return {
    apiVersion: 1,
    datasources: [
      {
        ...source('prometheus', 9090, {
          httpMethod: 'POST',
          timeInterval: '15s',
          exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: 'tempo' }],
        }),
        isDefault: true,
      },
      source('loki', 3100, {
        derivedFields: [
          // OTLP puts the id into structured metadata: a pattern over the line would find nothing.
          {
            name: 'trace_id',
            matcherType: 'label',
            matcherRegex: 'trace_id',
            datasourceUid: 'tempo',
            url: '$${__value.raw}',
          },
        ],
      }),
      source('tempo', 3200, {
        tracesToLogsV2: {
          datasourceUid: 'loki',
          spanStartTimeShift: '-1m',
          spanEndTimeShift: '1m',
          tags: [{ key: 'service.name', value: 'service_name' }],
          customQuery: true,
          query: '{$${__tags}} | trace_id = "$${__trace.traceId}"',
        },
        tracesToMetrics: {
          datasourceUid: 'prometheus',
          spanStartTimeShift: '-10m',
          spanEndTimeShift: '10m',
          tags: [{ key: 'service.name', value: 'service_name' }],
          queries: [
            { name: 'Requests', query: allCalls('5m', tags) },
            { name: 'Duration, p95', query: latencyOf('5m', tags) },
          ],
        },
        serviceMap: { datasourceUid: 'prometheus' },
        nodeGraph: { enabled: true },
      }),
    ],
  };
}

export function dashboardProvider(): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: 'orrery',
        folder: 'Orrery',
        type: 'file',
        disableDeletion: true,
        allowUiUpdates: false,
        options: { path: '/etc/grafana/dashboards' },
      },
    ],
  };
}
