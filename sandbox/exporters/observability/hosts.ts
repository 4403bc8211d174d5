import type { Plan } from '../plan.ts';

/** Where a part of the observability namespace is reached. */
export function hostOf({ options }: Plan, name: string): string {
  return `${name}.${options.observabilityNamespace}.svc.cluster.local`;
}
