/** EXCEPTIONS.md: every place where a linter is told to look away, and why. Tests hold it against the files. */
import type { ExportFile, ExportTarget } from '#contracts/sandbox/export.ts';
import { textFile } from '../file.ts';
import type { Plan } from '../plan.ts';
import { table } from './markdown.ts';

export type Exception = { tool: string; rule: string; objects: string; reason: string };

export function exceptionsFile(plan: Plan, targets: readonly ExportTarget[]): ExportFile {
  const exceptions = exceptionsOf(plan, targets);
  return textFile(
    'EXCEPTIONS.md',
    `
# Linter exceptions

${
  exceptions.length === 0
    ? 'There are none.'
    : table(
        ['tool', 'rule', 'objects', 'reason'],
        exceptions.map(({ tool, rule, objects, reason }) => [tool, `\`${rule}\``, objects, reason]),
      )
}
`,
  );
}

export function exceptionsOf(plan: Plan, targets: readonly ExportTarget[]): Exception[] {
  const exceptions: Exception[] = [];
  if (!targets.includes('kubernetes') && !targets.includes('helm')) return exceptions;
  exceptions.push({
    tool: 'Polaris',
    rule: 'priorityClassNotSet',
    objects: 'every Deployment and Job',
    reason: 'Priority classes belong to the cluster; naming one that does not exist keeps every pod from starting.',
  });
  if (plan.options.autoscaling !== 'none') {
    exceptions.push({
      tool: 'Polaris',
      rule: 'deploymentMissingReplicas',
      objects: 'every Deployment',
      reason:
        'An autoscaler owns the number of replicas (at least 2 by default); writing it too would reset it at each sync.',
    });
  }
  const byLag = plan.services.filter((service) => service.scalesByLag).map((service) => service.process.name);
  if (byLag.length > 0) {
    exceptions.push({
      tool: 'kube-score',
      rule: 'deployment-replicas',
      objects: `Deployments ${byLag.join(', ')}`,
      reason: 'KEDA makes the HorizontalPodAutoscaler in the cluster; kube-score cannot see it in the files.',
    });
  }
  return exceptions;
}
