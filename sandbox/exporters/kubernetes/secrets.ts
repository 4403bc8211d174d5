/**
 * Secrets are references only: a Secret per service, mounted as files. What is in them comes from the secret store, or
 * from whoever makes the named Secrets; the export holds no value.
 */
import type { Plan, PlannedService } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { type KubernetesObject, labelsOf } from './object.ts';

export const secretFolder = '/run/secrets/orrery';

export function secretName(service: PlannedService): string {
  return `${service.process.name}-credentials`;
}

/** Where the service's variables point; `DATABASE_URL_FILE: /run/secrets/orrery/DATABASE_URL`. */
export function secretFileVariables(files: readonly string[]): { name: string; value: string }[] {
  return files.map((name) => ({ name: `${name}_FILE`, value: `${secretFolder}/${name}` }));
}

/** Copies the credentials of one owner out of the store, into a Secret; null when it has none or when Secrets are made by hand. */
export function externalSecret(
  plan: Plan,
  { name, owner, files }: { name: string; owner: string; files: readonly string[] },
  settings: Settings,
): KubernetesObject | null {
  if (plan.options.secrets !== 'external-secrets' || files.length === 0) return null;
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, namespace: settings.namespace, labels: labelsOf(name, 'credentials') },
    spec: {
      refreshInterval: '1h',
      secretStoreRef: { kind: 'SecretStore', name: plan.options.secretStore },
      target: { name, creationPolicy: 'Owner' },
      data: files.map((file) => ({
        secretKey: file,
        remoteRef: { key: `orrery/${owner}`, property: file },
      })),
    },
  };
}
