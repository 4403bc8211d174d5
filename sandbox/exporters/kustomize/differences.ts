/** JSON 6902 patches between two stages of the same objects: a stage can then never say anything that it does not mean. */
import type { KubernetesObject } from '../kubernetes/object.ts';

export type Operation = { op: 'replace' | 'add' | 'remove'; path: string; value?: unknown };
export type Patch = { target: { kind: string; name?: string }; operations: Operation[] };

/**
 * Patches that turn `base` into `stage`. The namespace is left to Kustomize's own transformer. Objects of one kind
 * that change alike, all of them, share a patch.
 */
export function patchesBetween(base: readonly KubernetesObject[], stage: readonly KubernetesObject[]): Patch[] {
  const changes = base.flatMap((before) => {
    const after = stage.find((other) => other.kind === before.kind && other.metadata.name === before.metadata.name);
    if (before.kind === 'Namespace' || after === undefined) return [];
    const operations = differences(before, after, '').filter((change) => change.path !== '/metadata/namespace');
    return operations.length === 0 ? [] : [{ kind: before.kind, name: before.metadata.name, operations }];
  });
  const groups = Map.groupBy(changes, ({ kind, operations }) => `${kind} ${JSON.stringify(operations)}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const all = base.filter((object) => object.kind === first.kind).length;
    const targets =
      group.length === all && all > 1 ? [{ kind: first.kind }] : group.map(({ kind, name }) => ({ kind, name }));
    return targets.map((target) => ({ target, operations: first.operations }));
  });
}

function differences(before: unknown, after: unknown, path: string): Operation[] {
  if (before === after) return [];
  if (isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => {
      const at = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (!Object.hasOwn(before, key)) return [{ op: 'add' as const, path: at, value: after[key] }];
      if (!Object.hasOwn(after, key)) return [{ op: 'remove' as const, path: at }];
      return differences(before[key], after[key], at);
    });
  }
  return [{ op: 'replace', path, value: after }];
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
