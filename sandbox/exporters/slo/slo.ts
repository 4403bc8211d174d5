/** The one promise of the system to its users, from which alerts, canary analysis and runbooks are rendered. */

/** Share of requests that must not fail, over 30 days. */
export const objective = 0.9995;
/** Duration in milliseconds that 95 % of requests must stay below. */
export const latencyMs = 200;
export const latencyQuantile = 0.95;

/**
 * Series of the Collector's span_metrics connector, as Prometheus names them after OTLP (dots become underscores, unit
 * and `_total` are appended). Only server spans: what the caller saw.
 */
export const spanMetrics = {
  calls: 'traces_span_metrics_calls_total',
  duration: 'traces_span_metrics_duration_milliseconds',
} as const;

const server = 'span_kind="SPAN_KIND_SERVER"';

/** Calls that failed; `matchers` are further label matchers, each ending with a comma. */
export function failedCalls(window: string, matchers = ''): string {
  return `sum by (service_name) (rate(${spanMetrics.calls}{${matchers}${server}, status_code="STATUS_CODE_ERROR"}[${window}]))`;
}

export function allCalls(window: string, matchers = ''): string {
  return `sum by (service_name) (rate(${spanMetrics.calls}{${matchers}${server}}[${window}]))`;
}

export function latencyOf(window: string, matchers = ''): string {
  return `histogram_quantile(${latencyQuantile}, sum by (service_name, le) (rate(${spanMetrics.duration}_bucket{${matchers}${server}}[${window}])))`;
}

/** 0.0005 without the noise of binary fractions. */
export const errorBudget = Number((1 - objective).toFixed(6));

/**
 * Windows and factors of the SRE workbook for 30 days: how much of the budget is gone when the alert fires, and how
 * fast it burns then.
 */
export const burnRates = [
  { severity: 'page', long: '1h', short: '5m', factor: 14.4, budgetPercent: 2 },
  { severity: 'page', long: '6h', short: '30m', factor: 6, budgetPercent: 5 },
  { severity: 'ticket', long: '1d', short: '2h', factor: 3, budgetPercent: 10 },
  { severity: 'ticket', long: '3d', short: '6h', factor: 1, budgetPercent: 10 },
] as const;
