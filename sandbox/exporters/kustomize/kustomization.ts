import type { ExportFile, ExportOverlay } from '#contracts/sandbox/export.ts';
import { yamlFile } from '../file.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { objectsOf } from '../kubernetes/objects.ts';
import type { Plan } from '../plan.ts';
import { settingsOf } from '../settings.ts';
import { toYaml } from '../yaml.ts';
import { patchesBetween } from './differences.ts';

const header = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' };

/** `kubernetes/`: base, one overlay per stage, optional components. */
export function kubernetesFiles(plan: Plan): ExportFile[] {
  const placed = objectsOf(plan, settingsOf(plan, 'base'));
  return [
    ...placed.map(({ place, object }) => yamlFile(`kubernetes/base/${place}.yaml`, object)),
    yamlFile('kubernetes/base/kustomization.yaml', {
      ...header,
      resources: placed.map(({ place }) => `${place}.yaml`),
    }),
    ...plan.options.overlays.map((stage) => overlay(plan, stage)),
    ...components(),
  ];
}

function overlay(plan: Plan, stage: ExportOverlay): ExportFile {
  const settings = settingsOf(plan, stage);
  const objectsIn = (name: ExportOverlay | 'base'): KubernetesObject[] =>
    objectsOf(plan, settingsOf(plan, name)).map(({ object }) => object);
  const patches = patchesBetween(objectsIn('base'), objectsIn(stage));
  const { registry, tag, digest } = plan.options;
  return yamlFile(
    `kubernetes/overlays/${stage}/kustomization.yaml`,
    {
      ...header,
      namespace: settings.namespace,
      resources: ['../../base'],
      // Tag and digest together: with a digest alone Kustomize would drop the tag.
      images: [{ name: `${registry}/orrery`, newTag: tag, ...(digest === null ? {} : { digest }) }],
      ...(patches.length === 0
        ? {}
        : { patches: patches.map(({ target, operations }) => ({ target, patch: toYaml(operations) })) }),
    },
    `The promotion workflow writes images; components are in ../../components and are switched on by a line\n"components: [../../components/NAME]".`,
  );
}

/** Choices that belong to a cluster; an overlay names those that it wants. */
function components(): ExportFile[] {
  const component = { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component' };
  const everyPod = (kind: string, operations: object[]) => ({ target: { kind }, patch: toYaml(operations) });
  const pull = [{ op: 'add', path: '/imagePullSecrets', value: [{ name: 'registry' }] }];
  return [
    yamlFile(
      'kubernetes/components/registry-credentials/kustomization.yaml',
      { ...component, patches: [everyPod('ServiceAccount', pull)] },
      'For a private registry: every ServiceAccount pulls with the Secret "registry" (type kubernetes.io/dockerconfigjson).',
    ),
    yamlFile(
      'kubernetes/components/strict-zones/kustomization.yaml',
      {
        ...component,
        patches: [
          everyPod('Deployment', [
            {
              op: 'replace',
              path: '/spec/template/spec/topologySpreadConstraints/0/whenUnsatisfiable',
              value: 'DoNotSchedule',
            },
          ]),
        ],
      },
      'For clusters of several zones: a pod that would make zones uneven waits instead.',
    ),
  ];
}
