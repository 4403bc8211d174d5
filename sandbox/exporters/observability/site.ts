import { consumersOf, type Plan } from '../plan.ts';
import { kafkaBrokersOf } from '../stores.ts';

/** Where the observability stack runs, and what is around it there: a cluster, or the containers of compose/. */
export type Site = {
  /** Where a part of the stack is reached: `tempo`, `loki`, … */
  hostOf(name: string): string;
  kafkaBrokers: readonly string[];
  /** Consumer groups whose lag is shown. */
  consumerGroups: readonly string[];
  /** Where the page of an alert is found; null where there are no pages. */
  runbookUrl: ((name: string) => string) | null;
  /** Matcher of the containers that cAdvisor measures, e.g. `namespace="shop"`; null where nobody measures them. */
  containers: string | null;
  hasAlertmanager: boolean;
  /** What Prometheus scrapes besides itself and the Collector. */
  targets: readonly { job: string; address: string; path?: string }[];
};

/** The observability namespace of a cluster. */
export function clusterSite(plan: Plan): Site {
  const { options } = plan;
  return {
    hostOf: (name) => `${name}.${options.observabilityNamespace}.svc.cluster.local`,
    kafkaBrokers: kafkaBrokersOf(options, options.namespace).split(','),
    consumerGroups: consumersOf(plan).map((service) => service.process.name),
    runbookUrl: (name) => `https://github.com/${options.repository}/blob/main/observability/runbooks/${name}.md`,
    containers: `namespace=~"${options.namespace}.*"`,
    hasAlertmanager: true,
    targets: [],
  };
}
