/** What runs once before a version does: schemas, then topics. Both do nothing that has been done. */
import { consumersOf, type Plan, type PlannedService } from '../plan.ts';
import { resourcesOf, type Settings } from '../settings.ts';
import { sharedConfig } from './config-map.ts';
import { credentials, imageBasics, nodeArgs, scratch } from './container.ts';
import { type KubernetesObject, labelsOf } from './object.ts';
import { secretFileVariables } from './secrets.ts';
import { podSecurity } from './security-context.ts';

export const migrationComponent = 'migration';
export const topicsComponent = 'topics';

/**
 * A Job cannot be changed once it exists: delivery tools delete the old one before they make the new, `kubectl apply`
 * finds it gone 5 minutes after it has ended. On a first install the services migrate by themselves, so Helm runs the
 * hook when there is something to upgrade.
 */
const hooks = {
  'argocd.argoproj.io/hook': 'Sync',
  'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
  'argocd.argoproj.io/sync-wave': '0',
  'helm.sh/hook': 'post-install,pre-upgrade',
  'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
};

export function migrationName(service: PlannedService): string {
  return `${service.process.name}-migrate`;
}

/** Applies the migrations of one service with that service's own login. */
export function migrationJob(service: PlannedService, settings: Settings): KubernetesObject {
  const secret = credentials(service, ['DATABASE_URL']);
  return job(migrationName(service), migrationComponent, settings, service, {
    args: nodeArgs([], 'services/kit/jobs/migrate.ts', service.process.name),
    env: secretFileVariables(['DATABASE_URL']),
    mounts: secret.mounts,
    volumes: secret.volumes,
  });
}

/** Creates the event topics, and the dead-letter and retry topics of each consumer. */
export function topicsJob(plan: Plan, settings: Settings): KubernetesObject {
  const consumers = consumersOf(plan);
  const [first] = plan.services;
  if (first === undefined) throw new Error('nothing is exported');
  return job('topics', topicsComponent, settings, first, {
    args: nodeArgs([], 'services/kit/jobs/topics.ts', ...consumers.map((service) => service.process.name)),
    env: [],
    mounts: [],
    volumes: [],
  });
}

type Work = { args: string[]; env: object[]; mounts: object[]; volumes: object[] };

function job(
  name: string,
  component: string,
  settings: Settings,
  sizedLike: PlannedService,
  work: Work,
): KubernetesObject {
  const labels = labelsOf(name, component);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: settings.namespace,
      labels,
      annotations: { ...hooks, 'polaris.fairwinds.com/priorityClassNotSet-exempt': 'true' },
    },
    spec: {
      backoffLimit: 5,
      activeDeadlineSeconds: 600,
      ttlSecondsAfterFinished: 300,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          serviceAccountName: name,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: podSecurity,
          containers: [
            {
              name,
              ...imageBasics(settings.image),
              args: work.args,
              envFrom: [{ configMapRef: { name: sharedConfig } }],
              env: [
                { name: 'NODE_ENV', value: 'production' },
                { name: 'NODE_COMPILE_CACHE', value: '/tmp/node-compile-cache' },
                ...work.env,
              ],
              resources: resourcesOf(sizedLike),
              volumeMounts: [scratch.mount, ...work.mounts],
            },
          ],
          volumes: [scratch.volume, ...work.volumes],
        },
      },
    },
  };
}
