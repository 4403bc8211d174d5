/** Collector, stores and Grafana: the files of the export (exporters/observability) for the hosts of these containers. */
import type { ExportFile } from '#contracts/sandbox/export.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { yamlFile } from '../exporters/file.ts';
import { collectorConfig } from '../exporters/observability/collector.ts';
import { stackFiles } from '../exporters/observability/observability.ts';
import type { Site } from '../exporters/observability/site.ts';
import type { Fleet } from '../fleet.ts';
import { type Container, config, confined, healthcheck, publish } from './container.ts';
import { images } from './images.ts';
import { logStatements } from './log-statements.ts';
import { volume } from './processes.ts';
import { otlpOnHost } from './published-ports.ts';

function containerSite(fleet: Fleet): Site {
  const consumers = fleet.edges.filter((edge) => edge.protocol === 'kafka-consume').map((edge) => edge.from);
  const owners = fleet.processes.filter((process) => process.database !== null).map((process) => process.name);
  return {
    hostOf: (name) => name,
    kafkaBrokers: ['broker:9092'],
    consumerGroups: owners.filter((name) => consumers.includes(name)),
    runbookUrl: null,
    containers: null,
    hasAlertmanager: false,
    targets: [
      { job: 'redpanda', address: 'broker:9644', path: '/public_metrics' },
      { job: 'tempo', address: 'tempo:3200' },
      { job: 'loki', address: 'loki:3100' },
      { job: 'grafana', address: 'grafana:3000' },
    ],
  };
}

/** Mounted files, by their path in the checkout. */
export function observabilityFiles(fleet: Fleet): ExportFile[] {
  const site = containerSite(fleet);
  const collector = yamlFile('observability/otel-collector/config.yaml', containerCollector(site));
  return stackFiles(site).map((file) => (file.path === collector.path ? collector : file));
}

/** Labels by which an edge is known (telemetry/backends/prometheus/to-promql.ts). */
const edgeDimensions = [
  names.httpRequestMethod,
  names.peerService,
  names.dbSystem,
  names.rpcSystem,
  names.messagingDestination,
].map((name) => ({ name }));

/** The exported Collector, with two additions: log lines from Docker, and what tells the edges of the map apart. */
function containerCollector(site: Site) {
  const base = collectorConfig(site);
  const { traces, logs, metrics } = base.service.pipelines;
  const spanMetrics = base.connectors.span_metrics;
  return {
    ...base,
    receivers: { ...base.receivers, fluent_forward: { endpoint: '0.0.0.0:24224' } },
    processors: {
      ...base.processors,
      'transform/lines': {
        error_mode: 'ignore',
        log_statements: [{ context: 'log', statements: logStatements }],
      },
      // Lines of many processes arrive together; each belongs under the resource of its own.
      groupbyattrs: { keys: ['service.name', 'service.version', 'service.instance.id', 'deployment.environment.name'] },
    },
    connectors: {
      span_metrics: { ...spanMetrics, dimensions: [...spanMetrics.dimensions, ...edgeDimensions] },
    },
    service: {
      ...base.service,
      pipelines: {
        traces,
        metrics,
        logs,
        'logs/lines': {
          receivers: ['fluent_forward'],
          processors: ['memory_limiter', 'transform/lines', 'groupbyattrs'],
          exporters: logs.exporters,
        },
      },
    },
  };
}

const folder = '../observability';

export function observability(): Record<string, Container> {
  return {
    'otel-collector': {
      ...stack('otel-collector', ['observability', 'console'], '256m'),
      user: '10001:10001',
      command: ['--config=/etc/otelcol-contrib/config.yaml'],
      // 24224 is for Docker itself, which sends the lines of the containers from the host.
      ports: [publish(otlpOnHost.grpc), publish(otlpOnHost.http), publish(24_224)],
      volumes: [config(`${folder}/otel-collector/config.yaml`, '/etc/otelcol-contrib/config.yaml')],
    },
    tempo: {
      ...stack('tempo', ['observability', 'console'], '768m'),
      user: '10001:10001',
      command: ['-target=all', '-config.file=/etc/tempo/tempo.yaml'],
      ports: [publish(3200)],
      volumes: [config(`${folder}/tempo/tempo.yaml`, '/etc/tempo/tempo.yaml'), volume('tempo', '/var/tempo')],
    },
    loki: {
      ...stack('loki', ['observability', 'console'], '512m'),
      user: '10001:10001',
      command: ['-config.file=/etc/loki/loki.yaml'],
      ports: [publish(3100)],
      volumes: [config(`${folder}/loki/loki.yaml`, '/etc/loki/loki.yaml'), volume('loki', '/loki')],
      healthcheck: healthcheck(['CMD', '/usr/bin/loki', '-health']),
    },
    prometheus: {
      ...stack('prometheus', ['observability', 'console'], '512m'),
      user: '65534:65534',
      command: [
        '--config.file=/etc/prometheus/prometheus.yaml',
        '--storage.tsdb.path=/prometheus',
        '--storage.tsdb.retention.time=7d',
        '--web.enable-otlp-receiver',
        '--web.enable-remote-write-receiver',
        '--enable-feature=exemplar-storage',
      ],
      ports: [publish(9090)],
      volumes: [config(`${folder}/prometheus`, '/etc/prometheus'), volume('prometheus', '/prometheus')],
      healthcheck: healthcheck(['CMD', '/bin/promtool', 'check', 'ready']),
    },
    grafana: {
      ...stack('grafana', ['observability'], '512m'),
      user: '472:0',
      environment: {
        // Reading needs no login on loopback; changing is not possible, dashboards are files.
        GF_AUTH_ANONYMOUS_ENABLED: 'true',
        GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
        GF_AUTH_DISABLE_LOGIN_FORM: 'true',
        GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
        GF_ANALYTICS_REPORTING_ENABLED: 'false',
        GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
        GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
        GF_PLUGINS_PREINSTALL_DISABLED: 'true',
      },
      // 3000 is the console's.
      ports: [publish(3001, 3000)],
      volumes: [
        config(`${folder}/grafana/provisioning`, '/etc/grafana/provisioning'),
        config(`${folder}/grafana/dashboards`, '/etc/grafana/dashboards'),
        volume('grafana', '/var/lib/grafana'),
      ],
      depends_on: {
        tempo: { condition: 'service_started' },
        loki: { condition: 'service_healthy' },
        prometheus: { condition: 'service_healthy' },
      },
      healthcheck: healthcheck(['CMD', 'wget', '-q', '--spider', 'http://127.0.0.1:3000/api/health']),
    },
  };
}

/** Collector and Tempo have no program inside with which they could be asked, so they have no health check. */
function stack(name: keyof typeof images, profiles: string[], memory: string): Container {
  return {
    image: images[name],
    profiles,
    tmpfs: ['/tmp:size=64m,mode=1777'],
    restart: 'unless-stopped',
    ...confined,
    stop_grace_period: '15s',
    mem_limit: memory,
    cpus: 1,
    pids_limit: 256,
  };
}
