/** Who reaches a store: the services and Jobs that use it, and of the broker whoever watches its lag. */
import { consumersOf, type Plan } from '../../plan.ts';
import type { Settings } from '../../settings.ts';
import { migrationComponent, topicsComponent } from '../job.ts';
import { dns, inNamespace, policy, tcp, usersOf } from '../network-policy.ts';
import { type KubernetesObject, selectorOf } from '../object.ts';
import type { Store } from './store.ts';

/** Where KEDA's Helm chart and its manifests put it. */
const kedaNamespace = 'keda';

export function storeNetworkPolicy(plan: Plan, store: Store, settings: Settings): KubernetesObject {
  const [port = 0] = Object.values(store.ports);
  const labels = selectorOf(store.name);
  const jobs = { postgres: [migrationComponent], redpanda: [topicsComponent], valkey: [] }[store.name];
  const pods = [
    ...usersOf(plan, store.name).map(selectorOf),
    ...jobs.map((component) => ({ 'app.kubernetes.io/component': component })),
  ];
  const from: object[] = pods.map((matchLabels) => ({ podSelector: { matchLabels } }));
  const ingress = [{ from, ports: [tcp(port)] }];
  const egress: object[] = [dns];
  if (store.name === 'redpanda') {
    from.push(inNamespace(plan.options.observabilityNamespace));
    if (consumersOf(plan).some(({ scalesByLag }) => scalesByLag)) from.push(inNamespace(kedaNamespace));
    // It reaches itself under its full name, as its clients do.
    const own = { podSelector: { matchLabels: labels } };
    const ports = Object.values(store.ports).map(tcp);
    ingress.push({ from: [own], ports });
    egress.push({ to: [own], ports });
  }
  return policy(store.name, labels, ingress, egress, settings);
}
