import type { EdgeProtocol } from '../../red/edge.ts';

/**
 * Rate, errors and duration as PromQL over what the Collector's span_metrics connector counts
 * (exporters/observability/collector.ts; the dimensions beyond those are compose/observability.ts). What a service
 * and an edge is, and what a failure, is told by red/red.ts and red/edge.ts; this says the same in labels.
 */
const calls = 'traces_span_metrics_calls_total';
const durations = 'traces_span_metrics_duration_milliseconds_bucket';
const client = 'span_kind="SPAN_KIND_CLIENT"';
const failed = 'status_code="STATUS_CODE_ERROR"';

/** Spans that are counted together: which, and by which labels they are told apart. */
export type Group = {
  spans: readonly string[];
  by: readonly string[];
  /** Matchers of those that failed. */
  failed: readonly string[];
};

export const services: Group = {
  spans: ['span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER"'],
  by: ['service_name'],
  failed: [failed],
};

// What the caller asked wrongly says nothing about the edge.
const failedCall = [failed, 'http_response_status_code!~"4.."'];
const call = (...matchers: string[]): Group => ({
  spans: [client, 'peer_service!=""', ...matchers],
  by: ['service_name', 'peer_service'],
  failed: failedCall,
});
const message = (kind: string): Group => ({
  spans: [`span_kind="SPAN_KIND_${kind}"`, 'messaging_destination_name!=""'],
  by: ['service_name', 'messaging_destination_name'],
  failed: [failed],
});

export const edges: Readonly<Record<EdgeProtocol, Group>> = {
  http: call('db_system_name=""', 'rpc_system=""', 'http_request_method!=""'),
  grpc: call('db_system_name=""', 'rpc_system!=""'),
  postgres: { spans: [client, 'db_system_name="postgresql"'], by: ['service_name'], failed: failedCall },
  'kafka-produce': message('PRODUCER'),
  'kafka-consume': message('CONSUMER'),
};

/** Label by which the parts of one answer are told apart. */
export const partLabel = 'orrery_part';
export type Part = 'calls' | 'errors' | 'p50' | 'p95' | 'p99';

/** Calls, errors (both as counts over the window) and percentiles (milliseconds) of a group, in one query. */
export function redQuery(group: Group, seconds: number): string {
  return [
    part('calls', `${sumBy(group)} (increase(${calls}${matching(group.spans)}[${seconds}s]))`),
    part('errors', `${sumBy(group)} (increase(${calls}${matching([...group.spans, ...group.failed])}[${seconds}s]))`),
    part('p50', quantile(0.5, group, seconds)),
    part('p95', quantile(0.95, group, seconds)),
    part('p99', quantile(0.99, group, seconds)),
  ].join(' or ');
}

/** Calls and errors per second, and p95, for points in time. */
export function seriesQuery(group: Group, seconds: number): string {
  return [
    part('calls', `${sumBy(group)} (rate(${calls}${matching(group.spans)}[${seconds}s]))`),
    part('errors', `${sumBy(group)} (rate(${calls}${matching([...group.spans, ...group.failed])}[${seconds}s]))`),
    part('p95', quantile(0.95, group, seconds)),
  ].join(' or ');
}

function quantile(share: number, group: Group, seconds: number): string {
  const rate = `rate(${durations}${matching(group.spans)}[${seconds}s])`;
  return `histogram_quantile(${share}, ${sumBy(group, 'le')} (${rate}))`;
}

function part(name: Part, expression: string): string {
  return `label_replace(${expression}, "${partLabel}", "${name}", "", "")`;
}

function sumBy({ by }: Group, ...more: string[]): string {
  return `sum by (${[...by, ...more].join(', ')})`;
}

function matching(matchers: readonly string[]): string {
  return `{${matchers.join(', ')}}`;
}
