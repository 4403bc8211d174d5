import {
  allCalls,
  burnRates,
  errorBudget,
  failedCalls,
  latencyMs,
  latencyOf,
  objective,
  spanMetrics,
} from '../slo/slo.ts';
import type { Site } from './site.ts';

const runbook = ({ runbookUrl }: Site, name: string) => (runbookUrl === null ? {} : { runbook_url: runbookUrl(name) });

/** Every window that an alert looks at. */
const windows = [...new Set(burnRates.flatMap(({ long, short }) => [short, long]))];

export function errorRatioName(window: string): string {
  return `service:request_error_ratio:rate${window}`;
}

/** Recorded ratios per window, and alerts on how fast they burn the budget of 30 days. */
export function burnRateAlerts(site: Site): object {
  return {
    groups: [
      {
        name: 'slo-ratios',
        rules: windows.map((window) => ({
          record: errorRatioName(window),
          // A service without a single error has no error series: 0 of its calls stands in for them.
          expr: `(${failedCalls(window)} or ${allCalls(window)} * 0) / ${allCalls(window)}`,
        })),
      },
      {
        name: 'slo-alerts',
        rules: [
          ...burnRates.map(({ severity, long, short, factor, budgetPercent }) => {
            const bound = Number((factor * errorBudget).toFixed(6));
            return {
              alert: `ErrorBudgetBurn${long}`,
              expr: `${errorRatioName(long)} > ${bound} and ${errorRatioName(short)} > ${bound}`,
              for: '2m',
              keep_firing_for: '5m',
              labels: { severity },
              annotations: {
                summary: '{{ $labels.service_name }} burns its error budget',
                description: `{{ $value | humanizePercentage }} of the requests failed over ${long}; at this pace ${budgetPercent} % of the budget of 30 days (${(objective * 100).toFixed(2)} %) is gone within ${long}.`,
                ...runbook(site, 'error-budget-burn'),
              },
            };
          }),
          {
            alert: 'SlowRequests',
            expr: `${latencyOf('5m')} > ${latencyMs}`,
            for: '10m',
            keep_firing_for: '5m',
            labels: { severity: 'ticket' },
            annotations: {
              summary: '{{ $labels.service_name }} is slow',
              description: `The 95th percentile is {{ $value | humanize }} ms, above ${latencyMs} ms.`,
              ...runbook(site, 'slow-requests'),
            },
          },
          {
            alert: 'TelemetryMissing',
            expr: `absent(${spanMetrics.calls})`,
            for: '10m',
            labels: { severity: 'page' },
            annotations: {
              summary: 'No service reports anything',
              description: 'Not one span has arrived for 10 minutes: the alerts above see nothing.',
              ...runbook(site, 'telemetry-missing'),
            },
          },
        ],
      },
    ],
  };
}
