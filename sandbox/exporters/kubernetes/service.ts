import type { PlannedService } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { type KubernetesObject, labelsOf, selectorOf } from './object.ts';

/** The stable name of a service inside the cluster; ports keep the numbers that they have on the laptop. */
export function service({ process }: PlannedService, settings: Settings): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: process.name, namespace: settings.namespace, labels: labelsOf(process.name, process.kind) },
    spec: {
      type: 'ClusterIP',
      selector: selectorOf(process.name),
      ports: Object.entries(process.ports).map(([purpose, port]) => ({
        name: purpose,
        port,
        targetPort: purpose,
        protocol: 'TCP',
        appProtocol: purpose === 'grpc' ? 'kubernetes.io/h2c' : 'http',
      })),
    },
  };
}
