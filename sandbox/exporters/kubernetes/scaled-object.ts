import type { Plan, PlannedService } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { type KubernetesObject, labelsOf } from './object.ts';

/**
 * KEDA scales a consumer by its lag, one trigger per topic that it reads; the greatest wins. It stays above zero:
 * a group at zero that has committed nothing yet would never wake. More replicas than partitions would idle, so the
 * maximum is capped. Metadata values are strings by KEDA's contract.
 */
export function scaledObject(plan: Plan, service: PlannedService, settings: Settings): KubernetesObject | null {
  if (!service.scalesByLag) return null;
  const { name, kind } = service.process;
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name, namespace: settings.namespace, labels: labelsOf(name, kind) },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicaCount: settings.minReplicas,
      maxReplicaCount: settings.maxReplicas,
      pollingInterval: 15,
      cooldownPeriod: 300,
      // Three unanswered questions to the broker: keep what usually suffices instead of guessing.
      fallback: { failureThreshold: 3, replicas: settings.minReplicas },
      triggers: service.consumes.map((topic) => ({
        type: 'kafka',
        metadata: {
          bootstrapServers: settings.kafkaBrokers,
          consumerGroup: name,
          topic,
          lagThreshold: String(plan.options.lagThreshold),
          offsetResetPolicy: 'earliest',
        },
      })),
    },
  };
}

/** Replicas beyond this would read nothing. */
export function partitionCap(plan: Plan): number {
  return Math.min(...plan.topics.map((topic) => topic.partitions));
}
