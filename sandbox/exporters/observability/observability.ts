/** `observability/`: what receives, keeps, shows and judges the telemetry of the services. */
import type { ExportFile } from '#contracts/sandbox/export.ts';
import { textFile, yamlFile } from '../file.ts';
import type { Plan } from '../plan.ts';
import { alertmanagerConfig } from './alertmanager.ts';
import { burnRateAlerts } from './alerts.ts';
import { collectorConfig } from './collector.ts';
import { dashboardFile } from './dashboard.ts';
import { dashboardProvider, datasources } from './grafana.ts';
import { prometheusConfig } from './prometheus.ts';
import { ruleTests } from './rule-tests.ts';
import { runbooks } from './runbooks.ts';
import { lokiConfig, tempoConfig } from './stores.ts';

export function observabilityFiles(plan: Plan): ExportFile[] {
  return [
    yamlFile('observability/otel-collector/config.yaml', collectorConfig(plan)),
    yamlFile('observability/prometheus/prometheus.yaml', prometheusConfig(plan)),
    yamlFile('observability/prometheus/rules/slo.yaml', burnRateAlerts(plan)),
    yamlFile('observability/prometheus/rules/slo.test.yaml', ruleTests()),
    yamlFile('observability/alertmanager/alertmanager.yaml', alertmanagerConfig()),
    yamlFile('observability/loki/loki.yaml', lokiConfig()),
    yamlFile('observability/tempo/tempo.yaml', tempoConfig(plan)),
    yamlFile('observability/grafana/provisioning/datasources/datasources.yaml', datasources(plan)),
    yamlFile('observability/grafana/provisioning/dashboards/dashboards.yaml', dashboardProvider()),
    dashboardFile(plan),
    ...runbooks(plan).map(({ name, text }) => textFile(`observability/runbooks/${name}.md`, text)),
  ];
}
