import type { Plan } from '../plan.ts';
import { latencyMs, objective } from '../slo/slo.ts';

/** A page per alert: what it means, what to look at first, what helps. Names are those in the alerts' `runbook_url`. */
export function runbooks({ options }: Plan): { name: string; text: string }[] {
  const { namespace } = options;
  return [
    {
      name: 'error-budget-burn',
      text: `
# A service burns its error budget

More requests fail than ${(objective * 100).toFixed(2)} % over 30 days allow. \`page\`: the budget is gone within days; \`ticket\`: it goes slowly.

1. **What changed?** \`kubectl -n ${namespace} rollout history deployment/SERVICE\`. If it began with a rollout, undo it:
   \`kubectl -n ${namespace} rollout undo deployment/SERVICE\`, or revert the promotion commit where Argo CD syncs.
2. **Which requests?** Grafana → Orrery → Errors, then an exemplar to its trace. The deepest failing span names the cause.
3. **A dependency?** \`kubectl -n ${namespace} get pods\` for what is not ready; \`/health/ready\` of a pod names each dependency.
4. **Only one instance?** Delete its pod; the others carry on.

Orders that were accepted are not lost: sagas go on when their services answer again.
`,
    },
    {
      name: 'slow-requests',
      text: `
# Requests are slow

The 95th percentile is above ${latencyMs} ms for ten minutes.

1. Grafana → Orrery: is the rate higher than usual? Then is CPU at its limit? Raise \`maxReplicas\` or the limits.
2. Open a slow exemplar: the longest span on the critical path says whether it waits for Postgres, for a peer, or computes.
3. Postgres: \`select pid, state, wait_event, query from pg_stat_activity where state <> 'idle'\`.
`,
    },
    {
      name: 'telemetry-missing',
      text: `
# No service reports anything

No span has arrived for ten minutes, so no other alert can fire.

1. \`kubectl -n ${options.observabilityNamespace} get pods\`: does the Collector run? Its \`/\` on port 13133 says whether it is healthy.
2. Does the NetworkPolicy of a service let it reach namespace ${options.observabilityNamespace} on port 4318?
3. Is there traffic at all? \`kubectl -n ${namespace} logs deployment/gateway --since=10m\`.
`,
    },
  ];
}
