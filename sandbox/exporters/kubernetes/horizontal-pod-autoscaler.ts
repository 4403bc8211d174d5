import type { Plan, PlannedService } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { type KubernetesObject, labelsOf } from './object.ts';

/** Share of the CPU request at which another replica is added. */
const targetCpuPercent = 70;

/** Scales by CPU; null where replicas are fixed or lag decides. Down slowly, up at once: load comes back. */
export function horizontalPodAutoscaler(
  plan: Plan,
  service: PlannedService,
  settings: Settings,
): KubernetesObject | null {
  if (plan.options.autoscaling === 'none' || service.scalesByLag) return null;
  const { name, kind } = service.process;
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace: settings.namespace, labels: labelsOf(name, kind) },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: settings.minReplicas,
      maxReplicas: settings.maxReplicas,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: targetCpuPercent } },
        },
      ],
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: 'Percent', value: 100, periodSeconds: 30 }] },
        scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
      },
    },
  };
}
