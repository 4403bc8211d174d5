import type { ExportFile } from '#contracts/sandbox/export.ts';
import { jsonFile } from '../file.ts';
import { allCalls, errorBudget, failedCalls, latencyMs, latencyQuantile, spanMetrics } from '../slo/slo.ts';
import type { Site } from './site.ts';

type Panel = { title: string; description: string; unit: string; expr: string; legend: string; limit?: number };

/** The data source that the reader of the dashboard has chosen; Grafana replaces the braces. */
const chosenSource = { type: 'prometheus', uid: `$${'{datasource}'}` };

const chosen = 'service_name=~"$service", ';

/** One dashboard, general to specific: are users served, what does it cost, what is queued. */
export function dashboardFile(site: Site): ExportFile {
  const panels = [...servicePanels(site.consumerGroups), ...containerPanels(site.containers)];
  return jsonFile('observability/grafana/dashboards/orrery.json', dashboard(panels));
}

function servicePanels(consumerGroups: readonly string[]): Panel[] {
  return [
    {
      title: 'Requests',
      description: 'Requests that a service answered, per second.',
      unit: 'reqps',
      expr: allCalls('$__rate_interval', chosen),
      legend: '{{service_name}}',
    },
    {
      title: 'Errors',
      description: 'Share of requests that failed; the line is the objective.',
      unit: 'percentunit',
      expr: `${failedCalls('$__rate_interval', chosen)} / ${allCalls('$__rate_interval', chosen)}`,
      legend: '{{service_name}}',
      limit: errorBudget,
    },
    {
      title: 'Duration, p95',
      description: `95 % of requests take less; the line is the objective of ${latencyMs} ms.`,
      unit: 'ms',
      expr: `histogram_quantile(${latencyQuantile}, sum by (service_name, le) (rate(${spanMetrics.duration}_bucket{${chosen}span_kind="SPAN_KIND_SERVER"}[$__rate_interval])))`,
      legend: '{{service_name}}',
      limit: latencyMs,
    },
    {
      title: 'Work in flight',
      description: 'Seconds of work done per second: the mean number of requests being served (Little).',
      unit: 'short',
      expr: `sum by (service_name) (rate(${spanMetrics.duration}_sum{${chosen}span_kind="SPAN_KIND_SERVER"}[$__rate_interval])) / 1000`,
      legend: '{{service_name}}',
    },
    {
      title: 'Messages behind',
      description: 'What a consumer group has not read yet.',
      unit: 'short',
      expr: `sum by (group, topic) (kafka_consumer_group_lag{group=~"${consumerGroups.join('|')}"})`,
      legend: '{{group}} on {{topic}}',
    },
  ];
}

/** What a container uses; only where something measures it, because a panel must not stay empty. */
function containerPanels(containers: string | null): Panel[] {
  if (containers === null) return [];
  return [
    {
      title: 'CPU',
      description: 'Cores in use, per container.',
      unit: 'short',
      expr: `sum by (container) (rate(container_cpu_usage_seconds_total{${containers}, container=~"$service"}[$__rate_interval]))`,
      legend: '{{container}}',
    },
    {
      title: 'Memory',
      description: 'Working set, per container: what counts against its limit, the heap among it.',
      unit: 'bytes',
      expr: `sum by (container) (container_memory_working_set_bytes{${containers}, container=~"$service"})`,
      legend: '{{container}}',
    },
  ];
}

function dashboard(panels: readonly Panel[]): object {
  return {
    uid: 'orrery',
    title: 'Orrery',
    description: 'Are users served, what does it cost, what is queued',
    tags: ['orrery'],
    schemaVersion: 41,
    editable: false,
    graphTooltip: 1,
    refresh: '15s',
    time: { from: 'now-1h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
        {
          name: 'service',
          label: 'Service',
          type: 'query',
          datasource: chosenSource,
          query: `label_values(${spanMetrics.calls}, service_name)`,
          refresh: 2,
          multi: true,
          includeAll: true,
          allValue: '.+',
          current: { text: 'All', value: '$__all' },
        },
      ],
    },
    panels: panels.map((panel, index) => ({
      id: index + 1,
      type: 'timeseries',
      title: panel.title,
      description: panel.description,
      datasource: chosenSource,
      gridPos: { x: (index % 2) * 12, y: Math.floor(index / 2) * 8, w: 12, h: 8 },
      fieldConfig: {
        defaults: {
          unit: panel.unit,
          min: 0,
          custom: panel.limit === undefined ? {} : { thresholdsStyle: { mode: 'line' } },
          thresholds: {
            mode: 'absolute',
            steps: [
              { color: 'green', value: null },
              ...(panel.limit === undefined ? [] : [{ color: 'red', value: panel.limit }]),
            ],
          },
        },
        overrides: [],
      },
      options: {
        legend: { displayMode: 'table', placement: 'right', calcs: ['lastNotNull', 'max'] },
        tooltip: { mode: 'multi' },
      },
      targets: [
        {
          refId: 'A',
          datasource: chosenSource,
          expr: panel.expr,
          legendFormat: panel.legend,
          exemplar: true,
        },
      ],
    })),
  };
}
