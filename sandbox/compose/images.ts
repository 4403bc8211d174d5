/**
 * Every image, with the version that its configuration is written for. The two of ours are built from compose/Dockerfile;
 * with `localhost` in front nobody else's image of that name can be pulled in their place.
 */
export const images = {
  services: 'localhost/orrery-services:local',
  sandbox: 'localhost/orrery-sandbox:local',
  postgres: 'pgvector/pgvector:0.8.2-pg18',
  broker: 'docker.redpanda.com/redpandadata/redpanda:v26.2.1',
  valkey: 'valkey/valkey:9.0.4',
  toxics: 'ghcr.io/shopify/toxiproxy:2.12.0',
  'docker-proxy': 'wollomatic/socket-proxy:1.12.2',
  'otel-collector': 'otel/opentelemetry-collector-contrib:0.159.0',
  tempo: 'grafana/tempo:3.0.3',
  loki: 'grafana/loki:3.7.0',
  prometheus: 'prom/prometheus:v3.14.0',
  grafana: 'grafana/grafana:13.2.0',
} as const;
