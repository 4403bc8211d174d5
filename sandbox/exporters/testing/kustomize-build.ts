/**
 * A small stand-in for `kustomize build`, of just what the exporter writes: resources, namespace, images, JSON 6902
 * patches, components. docs/export.md says how it was held against the real tool.
 */
import path from 'node:path';
import { parse } from 'yaml';
import type { ExportFile } from '#contracts/sandbox/export.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { Operation } from '../kustomize/differences.ts';

type Kustomization = {
  kind: 'Kustomization' | 'Component';
  namespace?: string;
  resources?: string[];
  components?: string[];
  images?: { name: string; newName?: string; newTag?: string; digest?: string }[];
  patches?: { target: { kind?: string; name?: string }; patch: string }[];
};

export function kustomizeBuild(files: readonly ExportFile[], folder: string): KubernetesObject[] {
  const kustomization = read<Kustomization>(files, `${folder}/kustomization.yaml`);
  let objects = (kustomization.resources ?? []).flatMap((resource) =>
    resource.endsWith('.yaml')
      ? [read<KubernetesObject>(files, path.posix.join(folder, resource))]
      : kustomizeBuild(files, path.posix.join(folder, resource)),
  );
  for (const component of kustomization.components ?? []) {
    const inner = read<Kustomization>(files, `${path.posix.join(folder, component)}/kustomization.yaml`);
    objects = [
      ...objects,
      ...(inner.resources ?? []).map((file) => read<KubernetesObject>(files, path.posix.join(folder, component, file))),
    ];
    objects = transform(objects, inner);
  }
  return transform(objects, kustomization);
}

function read<T>(files: readonly ExportFile[], at: string): T {
  const file = files.find((candidate) => candidate.path === at);
  if (file === undefined) throw new Error(`${at} is not exported`);
  return parse(file.content) as T;
}

function transform(objects: KubernetesObject[], kustomization: Kustomization): KubernetesObject[] {
  const copies = structuredClone(objects);
  for (const { target, patch } of kustomization.patches ?? []) {
    const hit = copies.filter(
      (object) =>
        (target.kind ?? object.kind) === object.kind && (target.name ?? object.metadata.name) === object.metadata.name,
    );
    if (hit.length === 0) throw new Error(`patch for ${target.kind} ${target.name ?? ''} meets nothing`);
    for (const object of hit) for (const operation of parse(patch) as Operation[]) apply(object, operation);
  }
  for (const object of copies) {
    if (kustomization.namespace !== undefined) setNamespace(object, kustomization.namespace);
    for (const image of kustomization.images ?? []) setImage(object, image);
  }
  return copies;
}

function setNamespace(object: KubernetesObject, namespace: string): void {
  if (object.kind === 'Namespace') object.metadata.name = namespace;
  else object.metadata.namespace = namespace;
}

function setImage(node: unknown, image: NonNullable<Kustomization['images']>[number]): void {
  if (typeof node !== 'object' || node === null) return;
  const record = node as Record<string, unknown>;
  for (const [key, value] of Object.entries(record)) {
    if (key === 'image' && typeof value === 'string' && (value === image.name || value.startsWith(`${image.name}:`))) {
      record[key] =
        `${image.newName ?? image.name}:${image.newTag}${image.digest === undefined ? '' : `@${image.digest}`}`;
    } else setImage(value, image);
  }
}

function apply(object: KubernetesObject, { op, path: pointer, value }: Operation): void {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop() ?? '';
  let parent = object as unknown as Record<string, unknown>;
  for (const key of keys) {
    const next = parent[key];
    if (typeof next !== 'object' || next === null)
      throw new Error(`${pointer} does not exist in ${object.metadata.name}`);
    parent = next as Record<string, unknown>;
  }
  if (op !== 'add' && !Object.hasOwn(parent, last))
    throw new Error(`${pointer} does not exist in ${object.metadata.name}`);
  if (op === 'remove') delete parent[last];
  else parent[last] = value;
}
