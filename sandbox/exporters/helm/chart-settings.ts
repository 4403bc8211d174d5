import type { Plan, PlannedService } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { isDeployed, kafkaBrokersOf } from '../stores.ts';
import type { Marks } from './marks.ts';

/** Settings of the chart: what a stage fixes is read from values. */
export function chartSettings(plan: Plan, marks: Marks): Settings {
  const scales = plan.options.autoscaling !== 'none';
  const brokers = isDeployed('redpanda', plan.options)
    ? `(printf "${kafkaBrokersOf(plan.options, '%s')}" .Release.Namespace)`
    : '.Values.kafkaBrokers';
  return {
    namespace: marks.text('.Release.Namespace'),
    environment: marks.text('.Values.environment'),
    logLevel: marks.text('.Values.logLevel'),
    host: marks.text('.Values.host'),
    identityHost: marks.text('printf "id.%s" .Values.host'),
    image: marks.text('include "orrery.image" .'),
    version: marks.text('.Values.image.tag'),
    kafkaBrokers: marks.text(brokers),
    otlpEndpoint: marks.text('.Values.otlpEndpoint'),
    minReplicas: marks.number('.Values.autoscaling.minReplicas'),
    maxReplicas: marks.number('.Values.autoscaling.maxReplicas'),
    replicas: () =>
      scales
        ? marks.optionalNumber('.Values.replicas', 'not .Values.autoscaling.enabled')
        : marks.number('.Values.replicas'),
    resources: (service) => marks.block(`${serviceValues(service)}.resources`),
    configChecksum: marks.text(
      `printf "%s|%s|%s|%s|%s" .Values.environment .Values.logLevel .Values.host ${brokers} .Values.otlpEndpoint | sha256sum | trunc 16`,
    ),
  };
}

function serviceValues({ process }: PlannedService): string {
  return `(index .Values.services "${process.name}")`;
}
