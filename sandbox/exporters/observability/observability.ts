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
import { clusterSite, type Site } from './site.ts';
import { lokiConfig, tempoConfig } from './stores.ts';

/** The stack, for whoever starts it somewhere: the same files but for addresses. */
export function stackFiles(site: Site): ExportFile[] {
  return [
    yamlFile('observability/otel-collector/config.yaml', collectorConfig(site)),
    yamlFile('observability/prometheus/prometheus.yaml', prometheusConfig(site)),
    yamlFile('observability/prometheus/rules/slo.yaml', burnRateAlerts(site)),
    yamlFile('observability/prometheus/rules/slo.test.yaml', ruleTests()),
    yamlFile('observability/loki/loki.yaml', lokiConfig()),
    yamlFile('observability/tempo/tempo.yaml', tempoConfig(site)),
    yamlFile('observability/grafana/provisioning/datasources/datasources.yaml', datasources(site)),
    yamlFile('observability/grafana/provisioning/dashboards/dashboards.yaml', dashboardProvider()),
    dashboardFile(site),
  ];
}

export function observabilityFiles(plan: Plan): ExportFile[] {
  return [
    ...stackFiles(clusterSite(plan)),
    yamlFile('observability/alertmanager/alertmanager.yaml', alertmanagerConfig()),
    ...runbooks(plan).map(({ name, text }) => textFile(`observability/runbooks/${name}.md`, text)),
  ];
}
