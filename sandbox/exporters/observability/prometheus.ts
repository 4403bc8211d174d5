import type { Site } from './site.ts';

/**
 * Prometheus 3. Started with `--web.enable-otlp-receiver` (the Collector pushes), `--web.enable-remote-write-receiver`
 * (Tempo's service graphs) and `--enable-feature=exemplar-storage`.
 */
export function prometheusConfig({ hostOf, hasAlertmanager, targets }: Site): object {
  return {
    global: { scrape_interval: '15s', evaluation_interval: '15s' },
    rule_files: ['rules/slo.yaml'],
    ...(hasAlertmanager
      ? { alerting: { alertmanagers: [{ static_configs: [{ targets: [`${hostOf('alertmanager')}:9093`] }] }] } }
      : {}),
    otlp: {
      keep_identifying_resource_attributes: true,
      promote_resource_attributes: [
        'service.name',
        'service.version',
        'service.instance.id',
        'deployment.environment.name',
      ],
    },
    // A retried push arrives after newer samples.
    storage: { tsdb: { out_of_order_time_window: '10m' }, exemplars: { max_exemplars: 100000 } },
    scrape_configs: [
      { job_name: 'prometheus', static_configs: [{ targets: ['localhost:9090'] }] },
      {
        job_name: 'otel-collector',
        static_configs: [{ targets: [`${hostOf('otel-collector')}:8888`] }],
      },
      ...targets.map(({ job, address, path }) => ({
        job_name: job,
        ...(path === undefined ? {} : { metrics_path: path }),
        static_configs: [{ targets: [address] }],
      })),
    ],
  };
}
