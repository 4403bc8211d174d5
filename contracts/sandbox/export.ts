import { z } from 'zod';

/** What can be rendered. Each is a folder of the export; `all` on the command line is every one of them. */
export const ExportTarget = z.enum([
  'kubernetes',
  'helm',
  'argo',
  'github-actions',
  'terraform',
  'contracts',
  'observability',
]);
export type ExportTarget = z.infer<typeof ExportTarget>;

/** Stages of delivery, in the order in which a version travels. */
export const ExportOverlay = z.enum(['dev', 'staging', 'prod']);
export type ExportOverlay = z.infer<typeof ExportOverlay>;

const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'must be a DNS label: lower-case letters, digits and "-", e.g. orrery');
const dnsName = z
  .string()
  .max(253)
  .regex(/^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'must be a DNS name, e.g. shop.example.com');
const count = (min: number, max: number) =>
  z.coerce
    .number(`must be a whole number from ${min} to ${max}`)
    .int(`must be a whole number from ${min} to ${max}`)
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);

/**
 * Options of an export. Every field has a default, so `{}` is a complete set; unknown fields are refused. Values arrive
 * as text from a form or the command line and are coerced.
 */
export const ExportOptions = z
  .object({
    namespace: dnsLabel.max(50).default('orrery').describe('Namespace of prod; other stages add -dev and -staging'),
    registry: z
      .string()
      .max(200)
      .regex(
        /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
        'must be a registry with an optional path and no scheme, e.g. ghcr.io/acme',
      )
      .default('registry.example.com/shop')
      .describe('Registry and path that holds the image'),
    tag: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, 'must be an image tag, e.g. 1.4.2')
      .refine((tag) => tag !== 'latest', 'must not be "latest": what runs could not be told')
      .default('0.1.0')
      .describe('Tag of the image'),
    digest: z
      .union(
        [
          z.literal('').transform(() => null),
          z.null(),
          z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: followed by 64 hexadecimal digits'),
        ],
        {
          error: 'must be sha256: followed by 64 hexadecimal digits',
        },
      )
      .default(null)
      .describe('Digest of the image, sha256:…; known once it is built'),
    replicas: count(1, 50).default(2).describe('Replicas of each service in prod, and the least of autoscaling'),
    autoscaling: z
      .enum(['none', 'hpa', 'keda'])
      .default('keda')
      .describe('none: fixed replicas. hpa: by CPU. keda: consumers by lag, the rest by CPU'),
    maxReplicas: count(2, 200).default(6).describe('Most replicas of a service when autoscaling'),
    lagThreshold: count(1, 100_000)
      .default(50)
      .describe('Messages behind, per replica, at which a consumer scales out'),
    ingress: z
      .enum(['gateway-api', 'ingress', 'none'])
      .default('gateway-api')
      .describe('How requests reach gateway and identity from outside'),
    host: dnsName.default('shop.example.com').describe('Public host of prod; identity answers at id.<host>'),
    gatewayName: dnsLabel.default('public').describe('Gateway that routes attach to, or the IngressClass'),
    gatewayNamespace: dnsLabel.default('gateway-system').describe('Namespace of the gateway or ingress controller'),
    postgres: z
      .enum(['reference', 'statefulset'])
      .default('reference')
      .describe('reference: an existing Postgres. statefulset: one pod with a volume, with a login per service'),
    redpanda: z
      .enum(['reference', 'statefulset'])
      .default('reference')
      .describe('reference: an existing broker at kafkaBrokers. statefulset: one Redpanda with a volume'),
    valkey: z
      .enum(['none', 'reference', 'statefulset'])
      .default('none')
      .describe(
        'none: each replica limits by itself. reference: an existing Valkey. statefulset: one pod with a volume',
      ),
    dataNamespace: dnsLabel.default('data').describe('Namespace of Postgres, broker and Valkey that are referred to'),
    kafkaBrokers: z
      .string()
      .regex(/^[a-z0-9.-]+:\d{1,5}(,[a-z0-9.-]+:\d{1,5})*$/, 'must be host:port, comma-separated')
      .default('redpanda.data.svc.cluster.local:9092')
      .describe('Bootstrap addresses of the broker that is referred to'),
    observabilityNamespace: dnsLabel.default('observability').describe('Namespace of the OpenTelemetry Collector'),
    secrets: z
      .enum(['external-secrets', 'named'])
      .default('external-secrets')
      .describe('external-secrets: ExternalSecret per service. named: Secrets exist already'),
    secretStore: dnsLabel.default('orrery').describe('SecretStore that external secrets are read from'),
    paymentsUrl: z
      .union(
        [z.literal('').transform(() => null), z.null(), z.url({ protocol: /^https$/, error: 'must be an https URL' })],
        {
          error: 'must be an https URL',
        },
      )
      .default(null)
      .describe('Payment provider; without one the simulated provider is deployed'),
    overlays: z
      .union([
        z.array(ExportOverlay).min(1, 'must name at least one of dev, staging, prod'),
        z
          .string()
          .transform((text) => text.split(',').map((part) => part.trim()))
          .pipe(z.array(ExportOverlay).min(1)),
      ])
      .transform((names) => ExportOverlay.options.filter((name) => names.includes(name)))
      .default([...ExportOverlay.options])
      .describe('Stages that get an overlay'),
    rollout: z
      .enum(['canary', 'blue-green'])
      .default('canary')
      .describe('How Argo Rollouts replaces a version of the gateway and the services behind it'),
    repository: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/, 'must be owner/name on GitHub')
      .default('example/shop')
      .describe('GitHub repository that holds the export'),
    awsRegion: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region, e.g. eu-central-1')
      .default('eu-central-1')
      .describe('AWS region of registry, state and artefacts'),
  })
  .strict()
  .superRefine((options, context) => {
    if (options.autoscaling !== 'none' && options.maxReplicas <= options.replicas) {
      context.addIssue({
        code: 'custom',
        path: ['maxReplicas'],
        message: `must be above replicas (${options.replicas})`,
      });
    }
  });
export type ExportOptions = z.output<typeof ExportOptions>;

/** A rendered file; `path` is relative to the output folder, with `/`. */
export const ExportFile = z.object({ path: z.string(), content: z.string() });
export type ExportFile = z.infer<typeof ExportFile>;

/** Something a reader should know about the export before merging it. */
export const ExportFinding = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  file: z.string().nullable(),
  line: z.int().nullable().describe('From 1'),
  message: z.string().describe('What is wrong, naming the object'),
  fix: z.string().describe('What to do about it'),
});
export type ExportFinding = z.infer<typeof ExportFinding>;

/** An option that cannot be meant. */
export const ExportFault = z.object({ option: z.string(), message: z.string() });
export type ExportFault = z.infer<typeof ExportFault>;

/** Request of `POST /v1/export`: options as a form holds them, and which targets to render. */
export const ExportRequest = z.object({
  targets: z.array(ExportTarget).min(1),
  options: z.record(z.string(), z.string()).default({}),
});
export type ExportRequest = z.infer<typeof ExportRequest>;

/** Answer of `POST /v1/export`. With faults there are no files. */
export const ExportResult = z.object({
  files: z.array(ExportFile),
  findings: z.array(ExportFinding),
  faults: z.array(ExportFault),
});
export type ExportResult = z.infer<typeof ExportResult>;

/** One control of the form. */
export const ExportField = z.object({
  name: z.string(),
  description: z.string(),
  kind: z.enum(['text', 'number', 'choice', 'choices']),
  choices: z.array(z.string()).describe('Empty for text and number'),
  value: z.string().describe('Its default as text; choices are separated by commas'),
});
export type ExportField = z.infer<typeof ExportField>;

/** Answer of `GET /v1/export`: what can be rendered and asked for. */
export const ExportForm = z.object({
  targets: z.array(ExportTarget),
  groups: z.array(z.object({ title: z.string(), fields: z.array(ExportField) })),
});
export type ExportForm = z.infer<typeof ExportForm>;
