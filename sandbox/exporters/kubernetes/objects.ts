/** Every object of the system, by the file that it goes into. */

import { type Plan, type PlannedService, withDatabase } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { addressConfigMap, sharedConfigMap } from './config-map.ts';
import { deployment } from './deployment.ts';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import { migrationComponent, migrationJob, migrationName, topicsComponent, topicsJob } from './job.ts';
import { namespace } from './namespace.ts';
import { defaultDeny, jobNetworkPolicy, networkPolicy } from './network-policy.ts';
import type { KubernetesObject, PlacedObject } from './object.ts';
import { podDisruptionBudget } from './pod-disruption-budget.ts';
import { publicRoute } from './route.ts';
import { scaledObject } from './scaled-object.ts';
import { externalSecret, secretName } from './secrets.ts';
import { service } from './service.ts';
import { serviceAccount } from './service-account.ts';
import { postgres } from './stores/postgres.ts';
import { redpanda } from './stores/redpanda.ts';
import type { Store } from './stores/store.ts';
import { storeObjects } from './stores/store-objects.ts';
import { valkey } from './stores/valkey.ts';

export function objectsOf(plan: Plan, settings: Settings): PlacedObject[] {
  return [
    { place: 'namespace', object: namespace(settings) },
    { place: 'fleet-config', object: sharedConfigMap(plan, settings) },
    { place: 'default-deny', object: defaultDeny(settings) },
    ...storesOf(plan, settings).flatMap((store) => storeObjects(plan, store, settings)),
    ...jobs(plan, settings),
    ...plan.services.flatMap((known) => partsOf(plan, known, settings)),
  ];
}

/** The stores, whether they are deployed or referred to. */
export function storesOf(plan: Plan, settings: Settings): Store[] {
  return [postgres(plan, settings), redpanda, valkey];
}

function partsOf(plan: Plan, known: PlannedService, settings: Settings): PlacedObject[] {
  const { name, kind } = known.process;
  const parts: Record<string, KubernetesObject | null> = {
    'service-account': serviceAccount(name, kind, settings),
    addresses: addressConfigMap(plan, known, settings),
    credentials: externalSecret(plan, { name: secretName(known), owner: name, files: known.secretFiles }, settings),
    deployment: deployment(plan, known, settings),
    service: service(known, settings),
    'horizontal-pod-autoscaler': horizontalPodAutoscaler(plan, known, settings),
    'scaled-object': scaledObject(plan, known, settings),
    'pod-disruption-budget': podDisruptionBudget(known, settings),
    'network-policy': networkPolicy(plan, known, settings),
    route: publicRoute(plan, known, settings),
  };
  return Object.entries(parts).flatMap(([part, object]) =>
    object === null ? [] : [{ place: `${name}/${part}`, object }],
  );
}

function jobs(plan: Plan, settings: Settings): PlacedObject[] {
  return [
    {
      place: 'jobs/migrations-network-policy',
      object: jobNetworkPolicy('migrations', migrationComponent, 'postgres', plan, settings),
    },
    ...withDatabase(plan).flatMap((known) => [
      {
        place: `jobs/${migrationName(known)}-service-account`,
        object: serviceAccount(migrationName(known), migrationComponent, settings),
      },
      { place: `jobs/${migrationName(known)}`, object: migrationJob(known, settings) },
    ]),
    {
      place: 'jobs/topics-network-policy',
      object: jobNetworkPolicy('topics', topicsComponent, 'redpanda', plan, settings),
    },
    { place: 'jobs/topics-service-account', object: serviceAccount('topics', topicsComponent, settings) },
    { place: 'jobs/topics', object: topicsJob(plan, settings) },
  ];
}
