/** One policy per service over a default deny: what the topology draws as an edge may pass, nothing else. */
import { type Plan, type PlannedService, portOf } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { type KubernetesObject, labelsOf, selectorOf } from './object.ts';

const tcp = (port: number) => ({ protocol: 'TCP', port });
const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });

const dns = {
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
  port: number,
  plan: Plan,
  settings: Settings,
): KubernetesObject {
  const egress = [dns, { to: [inNamespace(plan.options.dataNamespace)], ports: [tcp(port)] }];
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
  const dataPorts = [
    ...(service.process.database === null ? [] : [5432]),
    ...(service.consumes.length + service.produces.length === 0 ? [] : brokerPorts(options.kafkaBrokers)),
  ];
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
    ...(dataPorts.length === 0 ? [] : [{ to: [inNamespace(options.dataNamespace)], ports: dataPorts.map(tcp) }]),
    ...(outside ? [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: privateRanges } }], ports: [tcp(443)] }] : []),
    { to: [inNamespace(options.observabilityNamespace)], ports: [tcp(4318)] },
  ];
}

/** The provider is on the internet; what is inside stays out of reach. */
const privateRanges = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];

export function brokerPorts(brokers: string): number[] {
  return [...new Set(brokers.split(',').map((address) => Number(address.slice(address.lastIndexOf(':') + 1))))].sort(
    (a, b) => a - b,
  );
}

function policy(
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
