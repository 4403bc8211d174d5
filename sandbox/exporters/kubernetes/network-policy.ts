/** One policy per service over a default deny: what the topology draws as an edge may pass, nothing else. */
import { type Plan, type PlannedService, portOf } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { brokerPorts, isDeployed, type StoreName, storeNames, storePorts } from '../stores.ts';
import { type KubernetesObject, labelsOf, selectorOf } from './object.ts';

export const tcp = (port: number) => ({ protocol: 'TCP', port });
export const inNamespace = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

export const dns = {
  to: [{ ...inNamespace('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};

export function defaultDeny(settings: Settings): KubernetesObject {
  return policy('default-deny', {}, [], [], settings);
}

export function networkPolicy(plan: Plan, service: PlannedService, settings: Settings): KubernetesObject {
  const { name } = service.process;
  return policy(name, selectorOf(name), ingressOf(plan, service), egressOf(plan, service), settings);
}

/** Jobs reach one thing each: their database, or the broker. */
export function jobNetworkPolicy(
  name: string,
  component: string,
  store: StoreName,
  plan: Plan,
  settings: Settings,
): KubernetesObject {
  const [port = 0] = portsOf(plan, store);
  const to = isDeployed(store, plan.options)
    ? { podSelector: { matchLabels: selectorOf(store) } }
    : inNamespace(plan.options.dataNamespace);
  const egress = [dns, { to: [to], ports: [tcp(port)] }];
  // Nobody calls a job. Linters want the direction to be spelt out: nothing comes from an empty set of pods.
  const ingress = [
    { from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/component': component } } }], ports: [tcp(port)] },
  ];
  return policy(name, { 'app.kubernetes.io/component': component }, ingress, egress, settings);
}

function ingressOf(plan: Plan, service: PlannedService): object[] {
  const { options } = plan;
  const rules: object[] = [];
  for (const caller of service.callers) {
    const edges = plan.services
      .filter((other) => other.process.name === caller)
      .flatMap((other) => other.calls.filter((edge) => edge.to === service.process.name));
    const ports = [...new Set(edges.map((edge) => portOf(service, edge.protocol === 'grpc' ? 'grpc' : 'http')))];
    rules.push({ from: [{ podSelector: { matchLabels: selectorOf(caller) } }], ports: ports.map(tcp) });
  }
  if (service.public && options.ingress !== 'none') {
    rules.push({ from: [inNamespace(options.gatewayNamespace)], ports: [tcp(portOf(service, 'http'))] });
  }
  // Nobody calls it: only its own replicas are let in, and no port of theirs listens for them.
  return rules.length > 0
    ? rules
    : [
        {
          from: [{ podSelector: { matchLabels: selectorOf(service.process.name) } }],
          ports: [tcp(portOf(service, 'http'))],
        },
      ];
}

function egressOf(plan: Plan, service: PlannedService): object[] {
  const { options } = plan;
  const used = storeNames.filter((name) => uses(service, name, plan));
  const dataPorts = used.flatMap((name) => (isDeployed(name, options) ? [] : portsOf(plan, name)));
  const outside = options.paymentsUrl !== null && service.secretFiles.includes('PAYMENTS_API_KEY');
  return [
    dns,
    ...service.calls.map((edge) => {
      const target = plan.services.find((other) => other.process.name === edge.to);
      if (target === undefined) throw new Error(`${edge.from} calls ${edge.to}, which is not exported`);
      return {
        to: [{ podSelector: { matchLabels: selectorOf(edge.to) } }],
        ports: [tcp(portOf(target, edge.protocol === 'grpc' ? 'grpc' : 'http'))],
      };
    }),
    ...used.flatMap((name) =>
      isDeployed(name, options)
        ? [{ to: [{ podSelector: { matchLabels: selectorOf(name) } }], ports: portsOf(plan, name).map(tcp) }]
        : [],
    ),
    ...(dataPorts.length === 0 ? [] : [{ to: [inNamespace(options.dataNamespace)], ports: dataPorts.map(tcp) }]),
    ...(outside ? [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: privateRanges } }], ports: [tcp(443)] }] : []),
    { to: [inNamespace(options.observabilityNamespace)], ports: [tcp(4318)] },
  ];
}

/** The provider is on the internet; what is inside stays out of reach. */
const privateRanges = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];

function uses({ process, consumes, produces }: PlannedService, store: StoreName, { options }: Plan): boolean {
  switch (store) {
    case 'postgres':
      return process.database !== null;
    case 'redpanda':
      return consumes.length + produces.length > 0;
    case 'valkey':
      return process.cache && options.valkey !== 'none';
  }
}

function portsOf({ options }: Plan, store: StoreName): readonly number[] {
  return store === 'redpanda' ? brokerPorts(options) : [storePorts[store]];
}

/** Names of the services that use a store. */
export function usersOf(plan: Plan, store: StoreName): string[] {
  return plan.services.filter((service) => uses(service, store, plan)).map(({ process }) => process.name);
}

export function policy(
  name: string,
  podLabels: Record<string, string>,
  ingress: object[],
  egress: object[],
  settings: Settings,
): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: settings.namespace, labels: labelsOf(name, 'network-policy') },
    spec: {
      podSelector: Object.keys(podLabels).length === 0 ? {} : { matchLabels: podLabels },
      policyTypes: ['Ingress', 'Egress'],
      ...(ingress.length === 0 ? {} : { ingress }),
      ...(egress.length === 0 ? {} : { egress }),
    },
  };
}
