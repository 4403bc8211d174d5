import { parse, parseAllDocuments } from 'yaml';
import type { ExportFile, ExportTarget } from '#contracts/sandbox/export.ts';
import { fleet } from '../../topology.ts';
import { exportTargets, renderExport } from '../export.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { parseExportOptions } from '../parse-options.ts';

/** A digest as a build would print it; only tests make one up. */
export const someDigest = `sha256:${'a1'.repeat(32)}`;

/** Files of an export from the real topology. */
export function exported(
  options: Record<string, unknown> = {},
  targets: readonly ExportTarget[] = exportTargets,
): ExportFile[] {
  return renderExport(fleet, targets, parseExportOptions(options)).files;
}

export function fileAt(files: readonly ExportFile[], path: string): string {
  const file = files.find((candidate) => candidate.path === path);
  if (file === undefined)
    throw new Error(`${path} is not exported; there are ${files.map((known) => known.path).join(', ')}`);
  return file.content;
}

export function yamlAt<T>(files: readonly ExportFile[], path: string): T {
  return parse(fileAt(files, path)) as T;
}

/** Every Kubernetes object in YAML files below a folder; kustomizations are none. */
export function objectsBelow(files: readonly ExportFile[], folder: string): KubernetesObject[] {
  return files
    .filter((file) => file.path.startsWith(folder) && file.path.endsWith('.yaml'))
    .flatMap((file) => parseAllDocuments(file.content).map((document) => document.toJS() as KubernetesObject))
    .filter((object) => object?.kind !== undefined && !object.apiVersion.startsWith('kustomize.'));
}
