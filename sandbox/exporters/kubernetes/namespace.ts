import type { Settings } from '../settings.ts';
import type { KubernetesObject } from './object.ts';

/** The namespace refuses any pod below the "restricted" Pod Security Standard. */
export function namespace(settings: Settings): KubernetesObject {
  const modes = ['enforce', 'audit', 'warn'];
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: settings.namespace,
      labels: {
        'app.kubernetes.io/part-of': 'orrery',
        ...Object.fromEntries(
          modes.flatMap((mode) => [
            [`pod-security.kubernetes.io/${mode}`, 'restricted'],
            [`pod-security.kubernetes.io/${mode}-version`, 'latest'],
          ]),
        ),
      },
    },
  };
}
