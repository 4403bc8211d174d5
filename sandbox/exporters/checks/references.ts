/**
 * Does everything that an object names exist? Linters look at one object at a time; this looks at the whole: ConfigMaps,
 * Secrets, ServiceAccounts, ports by name, host names in addresses, scale targets, backends, topics.
 */
import type { KubernetesObject } from '../kubernetes/object.ts';

export type ReferenceContext = {
  topics: ReadonlySet<string>;
  /** Secrets that somebody else makes, by the option `secrets: named`. */
  expectedSecrets: ReadonlyMap<string, readonly string[]>;
  /** Namespaces of neighbours that addresses may name. */
  namespaces: ReadonlySet<string>;
};

type Json = Record<string, unknown>;

/** One sentence per reference that leads nowhere. */
export function danglingReferences(objects: readonly KubernetesObject[], context: ReferenceContext): string[] {
  const problems: string[] = [];
  const find = (kind: string, name: unknown) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
  const need = (from: KubernetesObject, kind: string, name: unknown) => {
    if (find(kind, name) === undefined)
      problems.push(`${from.kind} ${from.metadata.name} names ${kind} ${String(name)}, which does not exist`);
  };
  const secretKeys = secretKeysOf(objects, context);

  for (const object of objects) {
    const pod = podSpecOf(object);
    if (pod !== null) {
      need(object, 'ServiceAccount', pod.serviceAccountName);
      if (object.kind === 'StatefulSet') need(object, 'Service', (object.spec as Json).serviceName);
      for (const volume of list(pod.volumes)) {
        const map = volume.configMap as Json | undefined;
        if (map !== undefined) need(object, 'ConfigMap', map.name);
        const secret = volume.secret as Json | undefined;
        if (secret !== undefined) {
          const keys = secretKeys.get(String(secret.secretName));
          for (const item of list(secret.items)) {
            if (!keys?.includes(String(item.key))) {
              problems.push(
                `${object.kind} ${object.metadata.name} mounts ${String(item.key)} of Secret ${String(secret.secretName)}, which nobody fills`,
              );
            }
          }
        }
      }
      for (const container of list(pod.containers)) {
        for (const source of list(container.envFrom)) {
          const map = source.configMapRef as Json | undefined;
          if (map !== undefined) need(object, 'ConfigMap', map.name);
        }
        const claims = list((object.spec as Json).volumeClaimTemplates).map((claim) => (claim.metadata as Json).name);
        const mounted = new Set([...list(pod.volumes).map((volume) => volume.name), ...claims]);
        for (const mount of list(container.volumeMounts)) {
          if (!mounted.has(mount.name))
            problems.push(
              `${object.kind} ${object.metadata.name} mounts volume ${String(mount.name)}, which it does not have`,
            );
        }
        const ports = new Set(list(container.ports).map((port) => port.name));
        for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
          const { httpGet, tcpSocket } = (container[probe] ?? {}) as { httpGet?: Json; tcpSocket?: Json };
          const port = (httpGet ?? tcpSocket)?.port;
          if (port !== undefined && !ports.has(port))
            problems.push(`${object.kind} ${object.metadata.name} probes port ${String(port)}, which it does not open`);
        }
        for (const variable of list(container.env)) {
          const value = String(variable.value ?? '');
          if (!String(variable.name).endsWith('_FILE')) continue;
          const covered = list(container.volumeMounts).some((mount) => value.startsWith(`${String(mount.mountPath)}/`));
          if (!covered)
            problems.push(
              `${object.kind} ${object.metadata.name}: ${String(variable.name)} points outside of its mounts`,
            );
        }
      }
    }
    switch (object.kind) {
      case 'Service': {
        const target = objects.find((other) => serves(other) && matches(object, other));
        const open =
          target === undefined
            ? []
            : list((podSpecOf(target) as Json).containers).flatMap((container) => list(container.ports));
        for (const port of list((object.spec as Json).ports)) {
          if (!open.some((known) => known.name === port.targetPort && known.containerPort === port.port)) {
            problems.push(
              `Service ${object.metadata.name} leads to port ${String(port.targetPort)}, which no pod opens`,
            );
          }
        }
        break;
      }
      case 'HorizontalPodAutoscaler':
      case 'ScaledObject': {
        const target = (object.spec as Json).scaleTargetRef as Json;
        need(object, String(target.kind), target.name);
        for (const trigger of list((object.spec as Json).triggers)) {
          const topic = String((trigger.metadata as Json).topic);
          if (!context.topics.has(topic))
            problems.push(`ScaledObject ${object.metadata.name} watches topic ${topic}, which does not exist`);
        }
        break;
      }
      case 'HTTPRoute':
      case 'Ingress':
        for (const { name, port } of backendsOf(object)) {
          need(object, 'Service', name);
          const service = find('Service', name);
          const ports = service === undefined ? [] : list((service.spec as Json).ports);
          if (!ports.some((known) => known.port === port || known.name === port)) {
            problems.push(
              `${object.kind} ${object.metadata.name} leads to port ${String(port)} of ${name}, which it does not have`,
            );
          }
        }
        break;
      case 'NetworkPolicy':
      case 'PodDisruptionBudget':
        for (const labels of podLabelsIn(object.spec)) {
          const met = objects.some((other) => podSpecOf(other) !== null && hasLabels(other, labels));
          if (!met)
            problems.push(
              `${object.kind} ${object.metadata.name} selects pods ${JSON.stringify(labels)}, which do not exist`,
            );
        }
        break;
      case 'ConfigMap':
        for (const [name, value] of Object.entries((object.data ?? {}) as Record<string, string>)) {
          for (const problem of addressProblems(name, value, objects, context)) {
            problems.push(`ConfigMap ${object.metadata.name} ${name}: ${problem}`);
          }
        }
        break;
      default:
        break;
    }
  }
  return problems;
}

/** `http://orders:8101` and `pricing:50051` must be a Service and one of its ports; foreign names a known namespace. */
function addressProblems(
  variable: string,
  value: string,
  objects: readonly KubernetesObject[],
  { namespaces }: ReferenceContext,
): string[] {
  if (!/_(URL|GRPC|BROKERS|ENDPOINT)$/.test(variable)) return [];
  return value.split(',').flatMap((address) => {
    if (address.startsWith('https://')) return [];
    const [, host = '', port = ''] = /^(?:http:\/\/)?([^:/]+):(\d+)$/.exec(address) ?? [];
    const [service = '', namespace] = host.split('.');
    const own = objects.some((object) => object.metadata.namespace === namespace);
    if (namespace !== undefined && !own) {
      return namespaces.has(namespace) ? [] : [`namespace ${namespace} is not expected`];
    }
    const found = objects.find((object) => object.kind === 'Service' && object.metadata.name === service);
    if (found === undefined) return [`host ${host} is no Service`];
    const open = list((found.spec as Json).ports).some((known) => String(known.port) === port);
    return open ? [] : [`Service ${service} has no port ${port}`];
  });
}

function secretKeysOf(objects: readonly KubernetesObject[], context: ReferenceContext): Map<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>(context.expectedSecrets);
  for (const object of objects) {
    if (object.kind !== 'ExternalSecret') continue;
    const spec = object.spec as { target: { name: string }; data: { secretKey: string }[] };
    keys.set(
      spec.target.name,
      spec.data.map((entry) => entry.secretKey),
    );
  }
  return keys;
}

function backendsOf(object: KubernetesObject): { name: string; port: unknown }[] {
  const rules = list((object.spec as Json).rules);
  if (object.kind === 'HTTPRoute') {
    return rules.flatMap((rule) => list(rule.backendRefs)).map((ref) => ({ name: String(ref.name), port: ref.port }));
  }
  return rules
    .flatMap((rule) => list((rule.http as Json).paths))
    .map((path) => (path.backend as { service: { name: string; port: { name: string } } }).service)
    .map((service) => ({ name: service.name, port: service.port.name }));
}

/** Selectors of pods in this namespace; those of other namespaces cannot be checked. */
function podLabelsIn(spec: unknown): Record<string, string>[] {
  const found: Record<string, string>[] = [];
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) for (const item of node) walk(item);
    else if (!Object.hasOwn(node, 'namespaceSelector')) {
      const labels = (node as Json).matchLabels;
      if (labels !== undefined) found.push(labels as Record<string, string>);
      for (const value of Object.values(node)) walk(value);
    }
  };
  walk(spec);
  return found;
}

function serves({ kind }: KubernetesObject): boolean {
  return kind === 'Deployment' || kind === 'StatefulSet';
}

function podSpecOf(object: KubernetesObject): Json | null {
  if (!serves(object) && object.kind !== 'Job') return null;
  return ((object.spec as Json).template as Json).spec as Json;
}

function hasLabels(object: KubernetesObject, labels: Record<string, string>): boolean {
  const own = (((object.spec as Json).template as Json).metadata as { labels: Record<string, string> }).labels;
  return Object.entries(labels).every(([name, value]) => own[name] === value);
}

function matches(service: KubernetesObject, deployment: KubernetesObject): boolean {
  return hasLabels(deployment, (service.spec as { selector: Record<string, string> }).selector);
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}
