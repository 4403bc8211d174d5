import { type KubernetesObject, labelsOf, selectorOf } from '../kubernetes/object.ts';
import { service as serviceObject } from '../kubernetes/service.ts';
import type { Plan, PlannedService } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { analysisName } from './analysis-template.ts';

/** Services that answer requests: half a version can be judged there. A consumer that scales by lag just rolls. */
export function rolloutServices(plan: Plan): readonly PlannedService[] {
  return plan.services.filter((service) => !service.scalesByLag);
}

/** Takes the pod template from the Deployment, so that it is written once, and steers how it is replaced. */
export function rollout(plan: Plan, { process }: PlannedService, settings: Settings): KubernetesObject {
  const { name, kind } = process;
  const analysis = {
    templates: [{ templateName: analysisName }],
    args: [{ name: 'service-name', value: name }],
  };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: {
      name,
      namespace: settings.namespace,
      labels: labelsOf(name, kind),
      annotations: { 'argocd.argoproj.io/sync-wave': '2' },
    },
    spec: {
      ...(plan.options.autoscaling === 'none' ? { replicas: settings.minReplicas } : {}),
      revisionHistoryLimit: 5,
      selector: { matchLabels: selectorOf(name) },
      workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name, scaleDown: 'progressively' },
      strategy:
        plan.options.rollout === 'canary'
          ? {
              canary: {
                maxSurge: 1,
                maxUnavailable: 0,
                steps: [
                  { setWeight: 20 },
                  { pause: { duration: '2m' } },
                  { analysis },
                  { setWeight: 50 },
                  { pause: { duration: '5m' } },
                  { analysis },
                ],
              },
            }
          : {
              blueGreen: {
                activeService: name,
                previewService: previewName(name),
                autoPromotionEnabled: true,
                scaleDownDelaySeconds: 300,
                postPromotionAnalysis: analysis,
              },
            },
    },
  };
}

function previewName(name: string): string {
  return `${name}-preview`;
}

/** The new version before it takes over, for smoke tests. */
export function previewService(service: PlannedService, settings: Settings): KubernetesObject {
  const active = serviceObject(service, settings);
  return { ...active, metadata: { ...active.metadata, name: previewName(service.process.name) } };
}
