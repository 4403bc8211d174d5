import type { PlannedService } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { type KubernetesObject, labelsOf, selectorOf } from './object.ts';

/** A node is drained one pod at a time; pods that are broken anyway do not hold it up. */
export function podDisruptionBudget({ process }: PlannedService, settings: Settings): KubernetesObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: process.name, namespace: settings.namespace, labels: labelsOf(process.name, process.kind) },
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: selectorOf(process.name) },
    },
  };
}
