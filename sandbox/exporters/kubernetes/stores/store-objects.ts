/** What the three stores have in common: how one pod with a volume is deployed, found, protected and let alone. */
import type { Plan } from '../../plan.ts';
import type { Settings } from '../../settings.ts';
import { isDeployed } from '../../stores.ts';
import { type KubernetesObject, labelsOf, type PlacedObject, selectorOf } from '../object.ts';
import { externalSecret, secretFolder } from '../secrets.ts';
import { containerSecurity, podSecurity } from '../security-context.ts';
import { serviceAccount } from '../service-account.ts';
import { storeNetworkPolicy } from './network-policy.ts';
import { type Store, secretNameOf } from './store.ts';

/** Every object of a deployed store, in its own folder; none of one that is referred to. */
export function storeObjects(plan: Plan, store: Store, settings: Settings): PlacedObject[] {
  if (!isDeployed(store.name, plan.options)) return [];
  const { name, component } = store;
  const keys = store.secretFiles.map(({ key }) => key);
  const parts: Record<string, KubernetesObject | null> = {
    'service-account': serviceAccount(name, component, settings),
    credentials: externalSecret(plan, { name: secretNameOf(name), owner: name, files: keys }, settings),
    files: store.files?.configMap ?? null,
    'stateful-set': statefulSet(store, settings),
    service: headlessService(store, settings),
    'pod-disruption-budget': podDisruptionBudget(store, settings),
    'network-policy': storeNetworkPolicy(plan, store, settings),
  };
  return Object.entries(parts).flatMap(([part, object]) =>
    object === null ? [] : [{ place: `${name}/${part}`, object }],
  );
}

/** One pod: what makes several of them one store (replication, elections) belongs to an operator. */
function statefulSet(store: Store, settings: Settings): KubernetesObject {
  const { name, component } = store;
  const labels = labelsOf(name, component);
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {
      name,
      namespace: settings.namespace,
      labels,
      annotations: {
        'polaris.fairwinds.com/priorityClassNotSet-exempt': 'true',
        'checkov.io/skip1': 'CKV_K8S_43=pinned by version; the digest is that of your mirror',
        ...store.exemptions,
      },
    },
    spec: {
      serviceName: name,
      replicas: 1,
      revisionHistoryLimit: 5,
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate' },
      // The volume outlives the StatefulSet: data goes only when somebody deletes the claim.
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      selector: { matchLabels: selectorOf(name) },
      template: { metadata: { labels }, spec: podSpec(store) },
      volumeClaimTemplates: [
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'data', labels },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: store.data.storage } } },
        },
      ],
    },
  };
}

function podSpec(store: Store): object {
  const { name, account, files } = store;
  const scratch = Object.entries(store.scratch);
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 60,
    securityContext: {
      ...podSecurity,
      runAsUser: account,
      runAsGroup: account,
      fsGroup: account,
      fsGroupChangePolicy: 'OnRootMismatch',
    },
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              topologyKey: 'kubernetes.io/hostname',
              labelSelector: { matchLabels: selectorOf(name) },
            },
          },
        ],
      },
    },
    containers: [
      {
        name,
        image: store.image,
        imagePullPolicy: 'Always',
        ...store.container,
        ports: Object.entries(store.ports).map(([purpose, port]) => ({
          name: purpose,
          containerPort: port,
          protocol: 'TCP',
        })),
        ...store.probes,
        resources: store.resources,
        securityContext: { ...containerSecurity, runAsUser: account, runAsGroup: account },
        volumeMounts: [
          { name: 'data', mountPath: store.data.mountPath },
          ...scratch.map(([volume, mountPath]) => ({ name: volume, mountPath })),
          ...(store.secretFiles.length === 0 ? [] : [{ name: 'credentials', mountPath: secretFolder, readOnly: true }]),
          ...(files === undefined ? [] : [{ name: 'files', mountPath: files.mountPath, readOnly: true }]),
        ],
      },
    ],
    volumes: [
      ...scratch.map(([volume]) => ({ name: volume, emptyDir: { sizeLimit: '64Mi' } })),
      ...(store.secretFiles.length === 0
        ? []
        : [
            {
              name: 'credentials',
              secret: { secretName: secretNameOf(name), defaultMode: 0o440, items: [...store.secretFiles] },
            },
          ]),
      ...(files === undefined
        ? []
        : [{ name: 'files', configMap: { name: files.configMap.metadata.name, defaultMode: files.mode } }]),
    ],
  };
}

/** Headless: the pod keeps its name, and clients reach it without a balancer in between. */
function headlessService({ name, component, ports }: Store, settings: Settings): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: settings.namespace, labels: labelsOf(name, component) },
    spec: {
      type: 'ClusterIP',
      clusterIP: 'None',
      selector: selectorOf(name),
      ports: Object.entries(ports).map(([purpose, port]) => ({
        name: purpose,
        port,
        targetPort: purpose,
        protocol: 'TCP',
      })),
    },
  };
}

/** With one pod it can only be all or nothing: a node may be drained, and the store is away for as long. */
function podDisruptionBudget({ name, component }: Store, settings: Settings): KubernetesObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: settings.namespace, labels: labelsOf(name, component) },
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: selectorOf(name) },
    },
  };
}
