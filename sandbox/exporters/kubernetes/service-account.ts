import type { Settings } from '../settings.ts';
import { type KubernetesObject, labelsOf } from './object.ts';

/** An identity of its own for each service, without a token: none of them talks to the Kubernetes API. */
export function serviceAccount(name: string, component: string, settings: Settings): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: settings.namespace, labels: labelsOf(name, component) },
    automountServiceAccountToken: false,
  };
}
