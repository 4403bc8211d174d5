/** `argo/`: one Application per stage, and Rollouts as a Kustomize component that an overlay switches on. */
import type { ExportFile, ExportOverlay } from '#contracts/sandbox/export.ts';
import { yamlFile } from '../file.ts';
import { horizontalPodAutoscaler } from '../kubernetes/horizontal-pod-autoscaler.ts';
import { type KubernetesObject, labelsOf } from '../kubernetes/object.ts';
import type { Plan } from '../plan.ts';
import { settingsOf } from '../settings.ts';
import { toYaml } from '../yaml.ts';
import { analysisTemplate } from './analysis-template.ts';
import { previewService, rollout, rolloutServices } from './rollout.ts';

export function argoFiles(plan: Plan): ExportFile[] {
  return [
    yamlFile('argo/project.yaml', project(plan)),
    ...plan.options.overlays.map((stage) => yamlFile(`argo/applications/${stage}.yaml`, application(plan, stage))),
    ...rolloutComponent(plan),
  ];
}

const repositoryUrl = ({ options }: Plan) => `https://github.com/${options.repository}.git`;

/** What the Applications may touch: this repository, these namespaces, and of the cluster only namespaces. */
function project(plan: Plan): KubernetesObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'orrery', namespace: 'argocd', labels: labelsOf('orrery', 'delivery') },
    spec: {
      description: 'The shop and its stages',
      sourceRepos: [repositoryUrl(plan)],
      destinations: plan.options.overlays.map((stage) => ({
        server: 'https://kubernetes.default.svc',
        namespace: settingsOf(plan, stage).namespace,
      })),
      clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
    },
  };
}

function application(plan: Plan, stage: ExportOverlay): KubernetesObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: `orrery-${stage}`,
      namespace: 'argocd',
      labels: labelsOf(`orrery-${stage}`, 'delivery'),
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
    } as KubernetesObject['metadata'],
    spec: {
      project: 'orrery',
      source: { repoURL: repositoryUrl(plan), targetRevision: 'main', path: `kubernetes/overlays/${stage}` },
      destination: { server: 'https://kubernetes.default.svc', namespace: settingsOf(plan, stage).namespace },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: [
          'CreateNamespace=false',
          'ServerSideApply=true',
          'PruneLast=true',
          'RespectIgnoreDifferences=true',
        ],
        retry: { limit: 3, backoff: { duration: '10s', factor: 2, maxDuration: '3m' } },
      },
      // Autoscalers own the number of replicas; Argo CD must not take it back.
      ignoreDifferences: [{ group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] }],
    },
  };
}

function rolloutComponent(plan: Plan): ExportFile[] {
  const settings = settingsOf(plan, 'base');
  const folder = 'argo/components/rollouts';
  const services = rolloutServices(plan);
  const objects: [string, KubernetesObject][] = [
    ['analysis-template', analysisTemplate(plan, settings)],
    ...services.map(
      (service) => [`${service.process.name}-rollout`, rollout(plan, service, settings)] as [string, KubernetesObject],
    ),
    ...(plan.options.rollout === 'blue-green'
      ? services.map(
          (service) =>
            [`${service.process.name}-preview`, previewService(service, settings)] as [string, KubernetesObject],
        )
      : []),
  ];
  const patch = toYaml([
    { op: 'replace', path: '/spec/scaleTargetRef/apiVersion', value: 'argoproj.io/v1alpha1' },
    { op: 'replace', path: '/spec/scaleTargetRef/kind', value: 'Rollout' },
  ]);
  const scaled = services.filter((service) => horizontalPodAutoscaler(plan, service, settings) !== null);
  return [
    ...objects.map(([name, object]) => yamlFile(`${folder}/${name}.yaml`, object)),
    yamlFile(
      `${folder}/kustomization.yaml`,
      {
        apiVersion: 'kustomize.config.k8s.io/v1alpha1',
        kind: 'Component',
        resources: objects.map(([name]) => `${name}.yaml`),
        ...(scaled.length === 0
          ? {}
          : {
              patches: scaled.map((service) => ({
                target: { kind: 'HorizontalPodAutoscaler', name: service.process.name },
                patch,
              })),
            }),
      },
      'An overlay switches it on: "components: [../../../argo/components/rollouts]". Autoscalers then act on the Rollout.',
    ),
  ];
}
