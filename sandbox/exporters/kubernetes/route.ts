/** How requests come in: HTTPRoutes of the Gateway API, or Ingress where a cluster has nothing newer. */
import { type Plan, type PlannedService, portOf } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { type KubernetesObject, labelsOf } from './object.ts';

export function publicRoute(plan: Plan, service: PlannedService, settings: Settings): KubernetesObject | null {
  if (!service.public || plan.options.ingress === 'none') return null;
  const host = service.process.name === 'identity' ? settings.identityHost : settings.host;
  return plan.options.ingress === 'gateway-api'
    ? httpRoute(plan, service, host, settings)
    : ingress(plan, service, host, settings);
}

/** The gateway itself, with its listener and certificate, belongs to the cluster. */
function httpRoute(plan: Plan, service: PlannedService, host: string, settings: Settings): KubernetesObject {
  const { name, kind } = service.process;
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: settings.namespace, labels: labelsOf(name, kind) },
    spec: {
      parentRefs: [
        {
          group: 'gateway.networking.k8s.io',
          kind: 'Gateway',
          name: plan.options.gatewayName,
          namespace: plan.options.gatewayNamespace,
          sectionName: 'https',
        },
      ],
      hostnames: [host],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          backendRefs: [{ group: '', kind: 'Service', name, port: portOf(service, 'http'), weight: 1 }],
        },
      ],
    },
  };
}

function ingress(plan: Plan, service: PlannedService, host: string, settings: Settings): KubernetesObject {
  const { name, kind } = service.process;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: settings.namespace, labels: labelsOf(name, kind) },
    spec: {
      ingressClassName: plan.options.gatewayName,
      tls: [{ hosts: [host], secretName: `${name}-tls` }],
      rules: [
        {
          host,
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name, port: { name: 'http' } } } }],
          },
        },
      ],
    },
  };
}
