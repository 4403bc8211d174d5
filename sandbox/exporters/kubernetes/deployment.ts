import type { Plan, PlannedService } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { addressesName, addressesOf, sharedConfig } from './config-map.ts';
import { credentials, imageBasics, nodeArgs, scratch } from './container.ts';
import { type KubernetesObject, labelsOf, selectorOf } from './object.ts';
import { probes } from './probes.ts';
import { secretFileVariables } from './secrets.ts';
import { podSecurity } from './security-context.ts';

/** Longer than a service takes to drain (services/kit/service.ts), so that it is never killed while it does. */
const gracePeriodSeconds = 30;

/** The pods of one service. Replicas are left out where an autoscaler owns them. */
export function deployment(plan: Plan, service: PlannedService, settings: Settings): KubernetesObject {
  const { name, kind } = service.process;
  const replicas = settings.replicas(service);
  const labels = labelsOf(name, kind);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace: settings.namespace,
      labels,
      annotations: { 'argocd.argoproj.io/sync-wave': '1', ...linterAnnotations(plan, service) },
    },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      revisionHistoryLimit: 5,
      selector: { matchLabels: selectorOf(name) },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels, annotations: { 'orrery.dev/config-checksum': settings.configChecksum } },
        spec: podSpec(plan, service, settings),
      },
    },
  };
}

function podSpec(plan: Plan, service: PlannedService, settings: Settings): object {
  const { name, ports, nodeFlags } = service.process;
  const secret = credentials(service, service.secretFiles);
  const hasAddresses = Object.keys(addressesOf(plan, service)).length > 0;
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: gracePeriodSeconds,
    securityContext: podSecurity,
    affinity: { podAntiAffinity: spreadOverHosts(name) },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: selectorOf(name) },
      },
    ],
    containers: [
      {
        name,
        ...imageBasics(settings.image),
        args: nodeArgs(nodeFlags, service.entry),
        ports: Object.entries(ports).map(([purpose, port]) => ({
          name: purpose,
          containerPort: port,
          protocol: 'TCP',
        })),
        envFrom: [
          { configMapRef: { name: sharedConfig } },
          ...(hasAddresses ? [{ configMapRef: { name: addressesName(service) } }] : []),
        ],
        env: [
          { name: 'SERVICE_NAME', value: name },
          {
            name: 'SERVICE_INSTANCE_ID',
            valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } },
          },
          { name: 'SERVICE_VERSION', value: settings.version },
          { name: 'NODE_ENV', value: 'production' },
          { name: 'NODE_COMPILE_CACHE', value: '/tmp/node-compile-cache' },
          { name: 'HOST', value: '0.0.0.0' },
          { name: 'PORT', value: String(ports.http) },
          ...(ports.grpc === undefined ? [] : [{ name: 'GRPC_PORT', value: String(ports.grpc) }]),
          ...secretFileVariables(service.secretFiles),
        ],
        ...probes,
        // Endpoints learn of the end later than the pod does; requests still on their way find it listening.
        lifecycle: { preStop: { sleep: { seconds: 5 } } },
        resources: settings.resources(service),
        volumeMounts: [scratch.mount, ...secret.mounts],
      },
    ],
    volumes: [scratch.volume, ...secret.volumes],
  };
}

function spreadOverHosts(name: string): object {
  return {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: selectorOf(name) } },
      },
    ],
  };
}

/** Where linters contradict each other; every one of these is listed in EXCEPTIONS.md. */
export function linterAnnotations(plan: Plan, service: PlannedService): Record<string, string> {
  return {
    'polaris.fairwinds.com/priorityClassNotSet-exempt': 'true',
    ...(plan.options.autoscaling === 'none'
      ? {}
      : { 'polaris.fairwinds.com/deploymentMissingReplicas-exempt': 'true' }),
    ...(service.scalesByLag ? { 'kube-score/ignore': 'deployment-replicas' } : {}),
  };
}
