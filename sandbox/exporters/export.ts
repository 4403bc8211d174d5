/**
 * Renders the system as files: a pure function of topology and options, so that the console's download and the command
 * line give the same bytes, twice.
 */
import { type ExportFile, type ExportFinding, type ExportOptions, ExportTarget } from '#contracts/sandbox/export.ts';
import type { Fleet } from '../fleet.ts';
import { argoFiles } from './argo/argo.ts';
import { contractFiles } from './contracts/contracts.ts';
import { findingsOf } from './findings.ts';
import { workflowFiles } from './github-actions/workflows.ts';
import { helmFiles } from './helm/chart.ts';
import { kubernetesFiles } from './kustomize/kustomization.ts';
import { observabilityFiles } from './observability/observability.ts';
import { type Plan, planOf } from './plan.ts';
import { exceptionsFile } from './report/exceptions.ts';
import { reportFile } from './report/report.ts';
import { terraformFiles } from './terraform/terraform.ts';

/** What can be asked for so far, in the order of the folders. */
export const renderers: Partial<Record<ExportTarget, (plan: Plan) => ExportFile[]>> = {
  kubernetes: kubernetesFiles,
  helm: helmFiles,
  argo: argoFiles,
  'github-actions': workflowFiles,
  terraform: terraformFiles,
  contracts: contractFiles,
  observability: observabilityFiles,
};

export const exportTargets = ExportTarget.options.filter((target) => renderers[target] !== undefined);

export type Rendered = { files: ExportFile[]; findings: ExportFinding[] };

/** Files in the order of their paths, with the report on every mapping and loss, and what needs attention. */
export function renderExport(fleet: Fleet, targets: readonly ExportTarget[], options: ExportOptions): Rendered {
  const plan = planOf(fleet, options);
  const files = [
    ...targets.flatMap((target) => renderers[target]?.(plan) ?? []),
    reportFile(plan, targets),
    exceptionsFile(plan, targets),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, findings: findingsOf(plan, files) };
}
