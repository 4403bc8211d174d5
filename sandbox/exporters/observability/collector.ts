/** OpenTelemetry Collector ≥ 0.159: names of exporters and connectors without their deprecated aliases. */
import type { Site } from './site.ts';

/** Batching belongs to the exporter now; the batch processor is on its way out. */
export const queue = { sending_queue: { enabled: true, batch: {} }, retry_on_failure: { enabled: true } };

export function collectorConfig({ hostOf, kafkaBrokers }: Site) {
  return {
    extensions: { health_check: { endpoint: '0.0.0.0:13133' } },
    receivers: {
      otlp: {
        protocols: { grpc: { endpoint: '0.0.0.0:4317' }, http: { endpoint: '0.0.0.0:4318' } },
      },
      kafka_metrics: {
        brokers: [...kafkaBrokers],
        scrapers: ['topics', 'consumers'],
        collection_interval: '15s',
      },
    },
    processors: {
      // First in each pipeline: it refuses before memory is spent on anything else.
      memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 20 },
    },
    connectors: {
      span_metrics: {
        namespace: 'traces.span.metrics',
        dimensions: [{ name: 'http.route' }, { name: 'http.response.status_code' }],
        exemplars: { enabled: true },
        histogram: {
          unit: 'ms',
          explicit: { buckets: ['5ms', '10ms', '25ms', '50ms', '100ms', '200ms', '400ms', '1s', '2s', '5s', '10s'] },
        },
        metrics_flush_interval: '15s',
      },
    },
    exporters: {
      'otlp_grpc/tempo': { endpoint: `${hostOf('tempo')}:4317`, tls: { insecure: true }, ...queue },
      'otlp_http/loki': { endpoint: `http://${hostOf('loki')}:3100/otlp`, ...queue },
      'otlp_http/prometheus': { endpoint: `http://${hostOf('prometheus')}:9090/api/v1/otlp`, ...queue },
    },
    service: {
      extensions: ['health_check'],
      // Its own figures, for Prometheus: the default is loopback, where nobody else reads them.
      telemetry: {
        metrics: { readers: [{ pull: { exporter: { prometheus: { host: '0.0.0.0', port: 8888 } } } }] },
      },
      pipelines: {
        traces: { receivers: ['otlp'], processors: ['memory_limiter'], exporters: ['otlp_grpc/tempo', 'span_metrics'] },
        metrics: {
          receivers: ['otlp', 'span_metrics', 'kafka_metrics'],
          processors: ['memory_limiter'],
          exporters: ['otlp_http/prometheus'],
        },
        logs: { receivers: ['otlp'], processors: ['memory_limiter'], exporters: ['otlp_http/loki'] },
      },
    },
  };
}
