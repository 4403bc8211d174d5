import type { StoreName } from '../../stores.ts';
import type { KubernetesObject } from '../object.ts';

/** A key of the store's Secret, and below which path it is mounted. */
export type SecretFile = { key: string; path: string };

export type Store = {
  name: StoreName;
  component: string;
  image: string;
  /** Numeric account; the volume is given to its group. */
  account: number;
  /** Purpose and port; the first is the one that clients use. */
  ports: Record<string, number>;
  container: { command?: string[]; args: string[]; env?: object[] };
  probes: { startupProbe: object; readinessProbe: object; livenessProbe: object };
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  data: { mountPath: string; storage: string };
  /** Folders that it writes besides its data; they go with the pod. */
  scratch: Record<string, string>;
  secretFiles: readonly SecretFile[];
  /** A ConfigMap and where it is mounted. */
  files?: { configMap: KubernetesObject; mountPath: string; mode: number };
  /** Linters that are told to look away; each is in EXCEPTIONS.md. */
  exemptions?: Record<string, string>;
};

export function secretNameOf(name: StoreName): string {
  return `${name}-credentials`;
}
