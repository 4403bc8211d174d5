import type { Site } from './site.ts';

/** Loki 3: schema v13, without which OTLP's structured metadata is refused. */
export function lokiConfig(): object {
  return {
    auth_enabled: false,
    server: { http_listen_port: 3100 },
    common: {
      path_prefix: '/loki',
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      storage: { filesystem: { chunks_directory: '/loki/chunks', rules_directory: '/loki/rules' } },
    },
    schema_config: {
      configs: [
        {
          from: '2026-01-01',
          store: 'tsdb',
          object_store: 'filesystem',
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    limits_config: {
      retention_period: '168h',
      volume_enabled: true,
      otlp_config: {
        resource_attributes: {
          ignore_defaults: true,
          attributes_config: [{ action: 'index_label', attributes: ['service.name', 'deployment.environment.name'] }],
        },
      },
    },
    compactor: { working_directory: '/loki/compactor', retention_enabled: true, delete_request_store: 'filesystem' },
    analytics: { reporting_enabled: false },
  };
}

/** Tempo 3 as one process. Span metrics come from the Collector; a second generator here would count twice. */
export function tempoConfig({ hostOf }: Site): object {
  return {
    stream_over_http_enabled: true,
    server: { http_listen_port: 3200 },
    distributor: {
      receivers: {
        otlp: { protocols: { grpc: { endpoint: '0.0.0.0:4317' }, http: { endpoint: '0.0.0.0:4318' } } },
      },
    },
    storage: {
      trace: { backend: 'local', wal: { path: '/var/tempo/wal' }, local: { path: '/var/tempo/blocks' } },
    },
    backend_worker: { compaction: { block_retention: '168h' } },
    metrics_generator: {
      storage: {
        path: '/var/tempo/generator',
        remote_write: [{ url: `http://${hostOf('prometheus')}:9090/api/v1/write`, send_exemplars: true }],
      },
    },
    overrides: { defaults: { metrics_generator: { processors: ['service-graphs'] } } },
    usage_report: { reporting_enabled: false },
  };
}
