import { describe, expect, test } from 'vitest';
import { fleet } from '../../topology.ts';
import { referenceContext } from '../checks/reference-context.ts';
import { danglingReferences } from '../checks/references.ts';
import { parseExportOptions } from '../parse-options.ts';
import { planOf } from '../plan.ts';
import { exported, objectsBelow, someDigest } from '../testing/exported.ts';
import { kustomizeBuild } from '../testing/kustomize-build.ts';
import { kubernetesVersions, validatorFor } from '../testing/validate.ts';
import type { KubernetesObject } from './object.ts';

const variants: Record<string, Record<string, unknown>> = {
  defaults: {},
  'with a digest': { digest: someDigest },
  'fixed replicas, Ingress, Secrets made by hand': { autoscaling: 'none', ingress: 'ingress', secrets: 'named' },
  'by CPU only, closed, a real provider': {
    autoscaling: 'hpa',
    ingress: 'none',
    paymentsUrl: 'https://api.example.com/v1',
  },
};
const stateful = { postgres: 'statefulset', redpanda: 'statefulset', valkey: 'statefulset' };
Object.assign(variants, {
  'Postgres, Redpanda and Valkey along': stateful,
  'Postgres along, Valkey elsewhere, Secrets made by hand': {
    postgres: 'statefulset',
    valkey: 'reference',
    secrets: 'named',
  },
});
const known = new Map<string, KubernetesObject[]>();

/** What Kustomize makes of a stage; parsing a hundred files is the slow part, so it happens once. */
function built(options: Record<string, unknown>, stage: string): KubernetesObject[] {
  const key = `${stage} ${JSON.stringify(options)}`;
  const objects = known.get(key) ?? kustomizeBuild(exported(options, ['kubernetes']), `kubernetes/${stage}`);
  known.set(key, objects);
  return objects;
}

describe.each(Object.entries(variants))('%s', (_, options) => {
  test.each(kubernetesVersions)('every object is one of Kubernetes %s, without unknown fields', (version) => {
    const validate = validatorFor(version);
    for (const stage of ['base', 'overlays/dev', 'overlays/staging', 'overlays/prod']) {
      expect(built(options, stage).flatMap(validate), stage).toEqual([]);
    }
  });

  test('everything that is named exists', () => {
    const context = referenceContext(planOf(fleet, parseExportOptions(options)));
    for (const stage of ['base', 'overlays/dev'])
      expect(danglingReferences(built(options, stage), context)).toEqual([]);
  });

  test('every pod meets the restricted Pod Security Standard', () => {
    for (const object of built(options, 'base')) expect(aboveRestricted(object), object.metadata.name).toEqual([]);
  });
});

describe('the gates can fail', () => {
  const deployment = () => structuredClone(only(built({}, 'base'), 'Deployment', 'orders'));

  test.each(kubernetesVersions)('a misspelt field is no field of Kubernetes %s', (version) => {
    const object = deployment();
    Object.assign(containerOf(object).readinessProbe as object, { timeoutSecond: 1 });
    expect(validatorFor(version)(object)).toContainEqual(expect.stringContaining('timeoutSecond'));
  });

  test('a field of a custom resource is checked too', () => {
    const object = structuredClone(only(built({}, 'base'), 'ScaledObject', 'workers'));
    Object.assign(object.spec as object, { maxReplicas: 3 });
    expect(validatorFor('1.36')(object)).toContainEqual(expect.stringContaining('maxReplicas'));
  });

  test('a field that came with a later version is refused in an earlier one', () => {
    const withHostname = deployment();
    Object.assign(podOf(withHostname), { hostnameOverride: 'orders' });
    expect(validatorFor('1.33')(withHostname)).not.toEqual([]);
    expect(validatorFor('1.36')(withHostname)).toEqual([]);
  });

  test.each([
    ['ConfigMap', 'orders-addresses'],
    ['ServiceAccount', 'orders'],
    ['ExternalSecret', 'orders-credentials'],
    ['Service', 'pricing'],
    ['Deployment', 'workers'],
  ])('without %s %s something is named that does not exist', (kind, name) => {
    const objects = built({}, 'base').filter((object) => object.kind !== kind || object.metadata.name !== name);
    const context = referenceContext(planOf(fleet, parseExportOptions({})));
    expect(danglingReferences(objects, context).join('\n')).toContain(name);
  });

  test.each([
    ['Service', 'redpanda', 'host redpanda.orrery.svc.cluster.local is no Service'],
    ['Service', 'postgres', 'StatefulSet postgres names Service postgres'],
    ['ConfigMap', 'postgres-databases', 'StatefulSet postgres names ConfigMap postgres-databases'],
    ['ServiceAccount', 'valkey', 'StatefulSet valkey names ServiceAccount valkey'],
    ['ExternalSecret', 'valkey-credentials', 'mounts users.acl of Secret valkey-credentials, which nobody fills'],
    ['StatefulSet', 'valkey', 'Service valkey leads to port valkey, which no pod opens'],
  ])('without %s %s a store is left with a name that leads nowhere', (kind, name, complaint) => {
    const objects = built(stateful, 'base').filter((object) => object.kind !== kind || object.metadata.name !== name);
    const context = referenceContext(planOf(fleet, parseExportOptions(stateful)));
    expect(danglingReferences(objects, context).join('\n')).toContain(complaint);
  });

  test.each([
    ['volumeClaimTemplates', 'mounts volume data, which it does not have'],
    ['volumeMounts', 'POSTGRES_PASSWORD_FILE points outside of its mounts'],
  ])('a StatefulSet without its %s is seen', (what, complaint) => {
    const object = structuredClone(only(built(stateful, 'base'), 'StatefulSet', 'postgres'));
    if (what === 'volumeMounts') containerOf(object).volumeMounts = [];
    else delete (object.spec as Record<string, unknown>)[what];
    const others = built(stateful, 'base').filter(({ kind }) => kind !== 'StatefulSet');
    const context = referenceContext(planOf(fleet, parseExportOptions(stateful)));
    expect(danglingReferences([...others, object], context).join('\n')).toContain(complaint);
  });

  test('a misspelt field of a StatefulSet and of its claim is no field', () => {
    const object = structuredClone(only(built(stateful, 'base'), 'StatefulSet', 'postgres'));
    const spec = object.spec as { volumeClaimTemplates: { spec: object }[] };
    Object.assign(spec, { serviceNam: 'postgres' });
    Object.assign(spec.volumeClaimTemplates[0]?.spec ?? {}, { storageClas: 'fast' });
    const complaints = validatorFor('1.33')(object).join('\n');
    expect(complaints).toContain('serviceNam');
    expect(complaints).toContain('storageClas');
  });

  test('a store that may become root is seen', () => {
    const object = structuredClone(only(built(stateful, 'base'), 'StatefulSet', 'redpanda'));
    Object.assign(containerOf(object).securityContext as object, { runAsUser: 0 });
    expect(aboveRestricted(object)).toEqual(['runAsNonRoot']);
  });

  test('a container that may become root is seen', () => {
    const object = deployment();
    Object.assign(containerOf(object).securityContext as object, { allowPrivilegeEscalation: true });
    expect(aboveRestricted(object)).toEqual(['allowPrivilegeEscalation']);
  });
});

test('whoever has an edge in the topology may pass, and nobody else', () => {
  const objects = built({}, 'base');
  const policies = objects.filter((object) => object.kind === 'NetworkPolicy');
  const allowed = policies.flatMap((policy) => {
    const { podSelector, ingress = [] } = policy.spec as {
      podSelector: { matchLabels?: Record<string, string> };
      ingress?: { from: { podSelector?: { matchLabels: Record<string, string> } }[] }[];
    };
    const to = podSelector.matchLabels?.['app.kubernetes.io/name'];
    return ingress.flatMap((rule) =>
      rule.from.flatMap((peer) => {
        const from = peer.podSelector?.matchLabels['app.kubernetes.io/name'];
        return from === undefined || from === to ? [] : [`${from} → ${to}`];
      }),
    );
  });
  const exportedNames = new Set(
    objects.filter((object) => object.kind === 'Deployment').map((object) => object.metadata.name),
  );
  const drawn = fleet.edges
    .filter(
      (edge) =>
        (edge.protocol === 'http' || edge.protocol === 'grpc') &&
        exportedNames.has(edge.from) &&
        exportedNames.has(edge.to),
    )
    .map((edge) => `${edge.from} → ${edge.to}`);
  expect(new Set(allowed)).toEqual(new Set(drawn));
});

test('whoever uses a store may reach it, Jobs and watchers of lag too, and nobody else', () => {
  const objects = built(stateful, 'base');
  type Peer = Record<string, { matchLabels: Record<string, string> }>;
  const nameOf = (peer: Peer) => Object.values(Object.values(peer)[0]?.matchLabels ?? {})[0];
  const lines = ['postgres', 'redpanda', 'valkey'].flatMap((name) => {
    const { ingress } = only(objects, 'NetworkPolicy', name).spec as {
      ingress: { from: Peer[]; ports: { port: number }[] }[];
    };
    return ingress.flatMap(({ from, ports }) =>
      from.flatMap((peer) => ports.map(({ port }) => `${nameOf(peer)} ${name}:${port}`)),
    );
  });
  const using = (protocol: string) =>
    fleet.edges.filter((edge) => edge.protocol.startsWith(protocol) && edge.from !== 'auditor').map(({ from }) => from);
  const expected = [
    ...using('postgres').map((from) => `${from} postgres:5432`),
    'migration postgres:5432',
    ...using('kafka').map((from) => `${from} redpanda:9092`),
    ...['topics', 'observability', 'keda'].map((from) => `${from} redpanda:9092`),
    ...[9092, 9644, 33145].map((port) => `redpanda redpanda:${port}`),
    ...fleet.processes.filter(({ cache }) => cache).map(({ name }) => `${name} valkey:6379`),
  ];
  expect(lines.sort()).toEqual([...new Set(expected)].sort());
  // Nothing is let out to the namespace where stores are that are referred to.
  for (const object of objects.filter(({ kind }) => kind === 'NetworkPolicy')) {
    expect(JSON.stringify(object), object.metadata.name).not.toContain('"data"');
  }
});

test('each store is one pod with a volume, and readiness asks more than liveness', () => {
  const sets = built(stateful, 'base').filter((object) => object.kind === 'StatefulSet');
  expect(sets.map(({ metadata }) => metadata.name).sort()).toEqual(['postgres', 'redpanda', 'valkey']);
  for (const set of sets) {
    const { replicas, volumeClaimTemplates } = set.spec as { replicas: number; volumeClaimTemplates: object[] };
    expect([replicas, volumeClaimTemplates.length]).toEqual([1, 1]);
    const { readinessProbe, livenessProbe, securityContext } = containerOf(set);
    expect(readinessProbe).toHaveProperty('exec');
    expect(livenessProbe).toHaveProperty('tcpSocket');
    expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true });
  }
  expect(built({}, 'base').filter((object) => object.kind === 'StatefulSet')).toEqual([]);
});

test.each([{}, stateful])('what is let in at one end is let out at the other: %j', (options) => {
  const policies = built(options, 'base').filter((object) => object.kind === 'NetworkPolicy');
  const pairs = (direction: 'ingress' | 'egress') =>
    policies.flatMap((policy) => {
      const spec = policy.spec as Record<string, { ports: { port: number }[]; from?: object[]; to?: object[] }[]> & {
        podSelector: { matchLabels?: Record<string, string> };
      };
      const own = spec.podSelector.matchLabels?.['app.kubernetes.io/name'];
      return (spec[direction] ?? []).flatMap((rule) =>
        ((direction === 'ingress' ? rule.from : rule.to) ?? []).flatMap((peer) => {
          const other = (peer as { podSelector?: { matchLabels: Record<string, string> } }).podSelector?.matchLabels[
            'app.kubernetes.io/name'
          ];
          if (own === undefined || other === undefined || other === own) return [];
          return rule.ports.map(({ port }) =>
            direction === 'ingress' ? `${other} → ${own}:${port}` : `${own} → ${other}:${port}`,
          );
        }),
      );
    });
  expect(pairs('ingress').sort()).toEqual(pairs('egress').sort());
});

test('a new process of the sandbox stays behind, with a reason, and a new service comes along', () => {
  const [template] = fleet.processes.filter((process) => process.name === 'workers');
  if (template === undefined) throw new Error('no workers');
  const auditor = { ...template, name: 'watcher', launch: { type: 'node', entry: 'sandbox/watcher/main.ts' } as const };
  const refunds = {
    ...template,
    name: 'refunds',
    launch: { type: 'node', entry: 'services/refunds/main.ts' } as const,
  };
  const plan = planOf({ ...fleet, processes: [...fleet.processes, auditor, refunds] }, parseExportOptions({}));
  expect(plan.leftOut.map((left) => left.process.name)).toContain('watcher');
  expect(plan.services.map((service) => service.process.name)).toContain('refunds');
});

test('every process is either taken along or accounted for', () => {
  const plan = planOf(fleet, parseExportOptions({}));
  const names = [
    ...plan.services.map((service) => service.process.name),
    ...plan.leftOut.map((left) => left.process.name),
  ];
  expect(names.sort()).toEqual(fleet.processes.map((process) => process.name).sort());
});

test('objects of a kind have names of their own', () => {
  const ids = objectsBelow(exported({}, ['kubernetes']), 'kubernetes/base').map(
    (object) => `${object.kind} ${object.metadata.name}`,
  );
  expect(new Set(ids).size).toBe(ids.length);
});

function only(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

type Pod = {
  containers: Record<string, unknown>[];
  initContainers?: Record<string, unknown>[];
  securityContext?: Record<string, unknown>;
  volumes?: Record<string, unknown>[];
};

function podOf(object: KubernetesObject): Pod {
  return (object.spec as { template: { spec: Pod } }).template.spec;
}

test('no argument of a store looks like a secret to those who scan for them', () => {
  const sets = built(stateful, 'base').filter((object) => object.kind === 'StatefulSet');
  const suspicious = (all: readonly KubernetesObject[]) =>
    all.flatMap((set) => containerOf(set).args as string[]).filter((line) => /(password|secret|token)\w*=/i.test(line));
  expect(suspicious(sets)).toEqual([]);
  const control = structuredClone(only(sets, 'StatefulSet', 'postgres'));
  (containerOf(control).args as string[]).push('password_encryption=scram-sha-256');
  expect(suspicious([control])).toHaveLength(1);
});

function containerOf(object: KubernetesObject): Record<string, unknown> {
  const [container] = podOf(object).containers;
  if (container === undefined) throw new Error(`${object.metadata.name} has no container`);
  return container;
}

/** Rules of the standard that a pod template breaks (kubernetes.io/docs/concepts/security/pod-security-standards). */
function aboveRestricted(object: KubernetesObject): string[] {
  if (!['Deployment', 'StatefulSet', 'Job'].includes(object.kind)) return [];
  const pod = podOf(object);
  const broken = new Set<string>();
  const admitted = [
    'configMap',
    'csi',
    'downwardAPI',
    'emptyDir',
    'ephemeral',
    'persistentVolumeClaim',
    'projected',
    'secret',
  ];
  for (const volume of pod.volumes ?? []) {
    if (!Object.keys(volume).some((key) => admitted.includes(key))) broken.add('volumes');
  }
  for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) if (Object.hasOwn(pod, key)) broken.add(key);
  for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
    const context = { ...pod.securityContext, ...(container.securityContext as object) } as Record<string, unknown>;
    if (context.allowPrivilegeEscalation !== false) broken.add('allowPrivilegeEscalation');
    if (context.runAsNonRoot !== true || context.runAsUser === 0) broken.add('runAsNonRoot');
    if (context.privileged === true) broken.add('privileged');
    if ((context.seccompProfile as { type?: string } | undefined)?.type !== 'RuntimeDefault')
      broken.add('seccompProfile');
    const { drop = [], add = [] } = (context.capabilities ?? {}) as { drop?: string[]; add?: string[] };
    if (!drop.includes('ALL') || add.some((name) => name !== 'NET_BIND_SERVICE')) broken.add('capabilities');
    for (const port of (container.ports ?? []) as { hostPort?: number }[]) if (port.hostPort) broken.add('hostPort');
  }
  return [...broken];
}
