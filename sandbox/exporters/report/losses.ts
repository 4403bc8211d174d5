import type { ExportOptions, ExportTarget } from '#contracts/sandbox/export.ts';
import type { Plan } from '../plan.ts';
import { isDeployed, storeNames } from '../stores.ts';

/** What is expected of stores that are referred to, and what those that are deployed cannot do. */
function storeLosses(options: ExportOptions): string[] {
  const referred = [
    ...(isDeployed('postgres', options) ? [] : ['Postgres, with one database and login per service']),
    ...(isDeployed('redpanda', options) ? [] : [`the broker at \`${options.kafkaBrokers}\``]),
    ...(options.valkey === 'reference' ? ['Valkey, with a login that may use keys `orrery:*`'] : []),
  ];
  const deployed = storeNames.filter((name) => isDeployed(name, options)).map((name) => `\`${name}\``);
  const watchers = `\`keda\` and \`${options.observabilityNamespace}\``;
  return [
    ...(referred.length === 0
      ? []
      : [`Referred to, not deployed: namespace \`${options.dataNamespace}\` must hold ${referred.join('; ')}.`]),
    ...(deployed.length === 0
      ? []
      : [
          `${deployed.join(', ')}: one pod each, on a volume of the default StorageClass. While its node is drained it is away, and nothing here backs the volume up; use an operator or a managed service where that is not enough. Images are pinned by tag, not by digest.`,
        ]),
    ...(isDeployed('postgres', options)
      ? [
          'Postgres makes logins and databases when its volume is new; a service that joins later, or a new password, is yours to add.',
        ]
      : []),
    ...(isDeployed('redpanda', options)
      ? [
          `Redpanda wants \`fs.aio-max-nr\` of its node at 1048576 or more. It lets in namespaces ${watchers}, which watch lag.`,
        ]
      : []),
    ...(options.valkey === 'none'
      ? ['There is no Valkey: each replica of the gateway limits callers by itself, and each of pricing reads prices.']
      : []),
  ];
}

/** What the sandbox has and the export has not, in full sentences. */
export function lossesOf(plan: Plan, targets: readonly ExportTarget[]): string[] {
  const { options } = plan;
  const losses: string[] = [];
  if (targets.includes('kubernetes') || targets.includes('helm')) {
    losses.push(
      ...storeLosses(options),
      'A ConfigMap or Secret that is edited by hand does not restart pods; only what the exporter or the chart renders changes the checksum annotation.',
      'NetworkPolicies need a network plug-in that enforces them, and assume DNS pods labelled `k8s-app: kube-dns` in `kube-system`.',
      'Node flags and resources are those of one laptop; measure under your load before relying on them.',
      'The control channel of the services (pattern switches, failpoints) and chaos faults stay behind: they do not exist with NODE_ENV=production.',
      'Identity keeps its demo users; connect your own user directory before opening it to the public.',
    );
    if (targets.includes('helm')) {
      losses.push(
        'The chart makes no Namespace, as charts do not; label yours for Pod Security as kubernetes/base/namespace.yaml does.',
      );
    }
    if (options.ingress === 'gateway-api') {
      losses.push(
        `The Gateway \`${options.gatewayNamespace}/${options.gatewayName}\` with a listener \`https\` that admits routes of this namespace is expected to exist.`,
      );
    }
    if (options.ingress === 'ingress') {
      losses.push(
        'Certificates `gateway-tls` and `identity-tls` are expected to exist (cert-manager makes them, say).',
      );
    }
    if (options.ingress === 'none') losses.push('Nothing is reachable from outside: option `ingress` is `none`.');
    if (options.secrets === 'external-secrets') {
      losses.push(
        `SecretStore \`${options.secretStore}\` is expected in each namespace; its values are at \`orrery/<service>\`.`,
      );
    }
    if (options.paymentsUrl !== null) {
      losses.push(
        `A NetworkPolicy cannot name ${options.paymentsUrl}: billing may reach any public address on port 443.`,
      );
    }
  }
  if (targets.includes('observability')) {
    losses.push(
      'Observability comes as configuration, not as workloads: run it with the charts or the operator that you use. Receivers of Alertmanager are named, and yours to fill.',
      'The services send traces; request metrics are made of spans by the Collector. CPU and memory come from the kubelet (cAdvisor), which your Prometheus must scrape.',
      'Logs go to stdout: a node agent or the Collector as DaemonSet carries them to Loki.',
    );
  }
  return losses;
}
