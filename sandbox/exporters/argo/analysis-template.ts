import { type KubernetesObject, labelsOf } from '../kubernetes/object.ts';
import type { Plan } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { allCalls, burnRates, errorBudget, failedCalls, latencyMs, latencyOf } from '../slo/slo.ts';

export const analysisName = 'slo';

/**
 * A version is judged by the promise that the alerts watch: it fails when it burns the budget as fast as a page would
 * demand, or is too slow. No traffic is no verdict: `len(result)` is 0 and NaN compares false, both inconclusive.
 */
export function analysisTemplate({ options }: Plan, settings: Settings): KubernetesObject {
  const address = `http://prometheus.${options.observabilityNamespace}.svc.cluster.local:9090`;
  const service = 'service_name="{{args.service-name}}", ';
  const fastest = burnRates[0].factor;
  const limit = Number((errorBudget * fastest).toFixed(6));
  const metric = (name: string, query: string, bound: number) => ({
    name,
    interval: '30s',
    count: 5,
    failureLimit: 1,
    inconclusiveLimit: 5,
    successCondition: `len(result) > 0 && result[0] < ${bound}`,
    failureCondition: `len(result) > 0 && result[0] >= ${bound}`,
    provider: { prometheus: { address, query } },
  });
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: analysisName, namespace: settings.namespace, labels: labelsOf(analysisName, 'analysis') },
    spec: {
      args: [{ name: 'service-name' }],
      metrics: [
        metric(
          'error-ratio',
          `(${failedCalls('2m', service)} or ${allCalls('2m', service)} * 0) / ${allCalls('2m', service)}`,
          limit,
        ),
        metric('latency', latencyOf('2m', service), latencyMs),
      ],
    },
  };
}
