import type { Plan } from '../plan.ts';
import { hostOf } from './hosts.ts';

/**
 * Prometheus 3. Started with `--web.enable-otlp-receiver` (the Collector pushes) and
 * `--enable-feature=exemplar-storage`.
 */
export function prometheusConfig(plan: Plan): object {
  return {
    global: { scrape_interval: '15s', evaluation_interval: '15s' },
    rule_files: ['rules/slo.yaml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`${hostOf(plan, 'alertmanager')}:9093`] }] }] },
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
        static_configs: [{ targets: [`${hostOf(plan, 'otel-collector')}:8888`] }],
      },
    ],
  };
}
