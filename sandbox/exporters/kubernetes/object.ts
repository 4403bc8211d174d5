/** A Kubernetes object as it is written; tests hold it against the API's schemas, unknown fields refused. */
export type KubernetesObject = {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
};

/** `folder/file` without extension, and what is in it. */
export type PlacedObject = { place: string; object: KubernetesObject };

/** Labels of one component. `instance` equals the object's name, which is what selectors and linters go by. */
export function labelsOf(name: string, component: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': 'orrery',
  };
}

/** The one label by which Services, policies and budgets find the pods of a service. */
export function selectorOf(name: string): Record<string, string> {
  return { 'app.kubernetes.io/name': name };
}
