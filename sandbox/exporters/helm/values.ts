import type { ExportOverlay } from '#contracts/sandbox/export.ts';
import type { Plan } from '../plan.ts';
import { resourcesOf, type Settings, settingsOf } from '../settings.ts';
import { isDeployed } from '../stores.ts';

export type Values = {
  environment: string;
  logLevel: string;
  host: string;
  image: { registry: string; tag: string; digest: string };
  kafkaBrokers?: string;
  otlpEndpoint: string;
  replicas: number;
  autoscaling?: { enabled: boolean; minReplicas: number; maxReplicas: number };
  route?: { enabled: boolean };
  services: Record<string, { resources: object }>;
};

/** Values by which the chart renders the base. */
export function defaultValues(plan: Plan): Values {
  const { options } = plan;
  const settings = settingsOf(plan, 'base');
  return {
    environment: settings.environment,
    logLevel: settings.logLevel,
    host: settings.host,
    image: { registry: options.registry, tag: options.tag, digest: options.digest ?? '' },
    ...(isDeployed('redpanda', options) ? {} : { kafkaBrokers: settings.kafkaBrokers }),
    otlpEndpoint: settings.otlpEndpoint,
    replicas: settings.minReplicas,
    ...(options.autoscaling === 'none' ? {} : { autoscaling: { enabled: true, ...bounds(settings) } }),
    ...(options.ingress === 'none' ? {} : { route: { enabled: true } }),
    services: Object.fromEntries(
      plan.services.map((service) => [service.process.name, { resources: resourcesOf(service) }]),
    ),
  };
}

/** What a stage says differently from the defaults. */
export function stageValues(plan: Plan, stage: ExportOverlay): Partial<Values> {
  const settings = settingsOf(plan, stage);
  return {
    environment: settings.environment,
    logLevel: settings.logLevel,
    host: settings.host,
    ...(plan.options.autoscaling === 'none'
      ? { replicas: settings.minReplicas }
      : { autoscaling: { enabled: true, ...bounds(settings) } }),
  };
}

function bounds({ minReplicas, maxReplicas }: Settings) {
  return { minReplicas, maxReplicas };
}

/** JSON Schema of the values; Helm refuses what does not match before it renders anything. */
export function valuesSchema(plan: Plan): object {
  const text = (pattern: string, description: string) => ({ type: 'string', pattern, description });
  const whole = (minimum: number, description: string) => ({ type: 'integer', minimum, maximum: 200, description });
  const closed = (properties: Record<string, object>, description?: string) => ({
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties),
    ...(description === undefined ? {} : { description }),
    properties,
  });
  const amounts = closed({
    cpu: text('^[0-9]+m?$', 'Cores or thousandths, e.g. 250m'),
    memory: text('^[0-9]+(Ki|Mi|Gi)$', 'e.g. 256Mi'),
    'ephemeral-storage': text('^[0-9]+(Ki|Mi|Gi)$', 'Disk below /tmp'),
  });
  const { autoscaling, ingress } = plan.options;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the orrery chart',
    ...closed({
      environment: { type: 'string', enum: ['development', 'staging', 'production'] },
      logLevel: { type: 'string', enum: ['trace', 'debug', 'info', 'warn', 'error'] },
      host: text('^([a-z0-9]([-a-z0-9]*[a-z0-9])?\\.)+[a-z]{2,63}$', 'Public host; identity answers at id.<host>'),
      image: closed({
        registry: text('^[a-z0-9][-a-z0-9.:/_]*$', 'Registry and path, without a scheme'),
        tag: text('^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$', 'Tag of the image'),
        digest: text('^(sha256:[0-9a-f]{64})?$', 'Digest of the image; empty until it is built'),
      }),
      ...(isDeployed('redpanda', plan.options)
        ? {}
        : { kafkaBrokers: text('^[a-z0-9.-]+:[0-9]+(,[a-z0-9.-]+:[0-9]+)*$', 'host:port, comma-separated') }),
      otlpEndpoint: text('^https?://', 'Base URL of the OpenTelemetry Collector'),
      replicas: whole(1, 'Replicas of services that do not scale by themselves'),
      ...(autoscaling === 'none'
        ? {}
        : {
            autoscaling: closed({
              enabled: { type: 'boolean' },
              minReplicas: whole(1, 'Least replicas'),
              maxReplicas: whole(2, 'Most replicas'),
            }),
          }),
      ...(ingress === 'none' ? {} : { route: closed({ enabled: { type: 'boolean' } }) }),
      services: closed(
        Object.fromEntries(
          plan.services.map((service) => [
            service.process.name,
            closed({ resources: closed({ requests: amounts, limits: amounts }) }),
          ]),
        ),
        'What each service gets',
      ),
    }),
  };
}
