/** EXCEPTIONS.md: every place where a linter is told to look away, and why. Tests hold it against the files. */
import type { ExportFile, ExportTarget } from '#contracts/sandbox/export.ts';
import { textFile } from '../file.ts';
import type { Plan } from '../plan.ts';
import { isDeployed, storeNames } from '../stores.ts';
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
  if (targets.includes('github-actions')) {
    exceptions.push({
      tool: 'zizmor',
      rule: 'self-repository',
      objects: 'calls of promote.yml in release.yml',
      reason:
        'Runners and linters that do not know the newer form `$/…` yet are still around; both forms name this repository.',
    });
  }
  if (targets.includes('contracts')) exceptions.push(...contractExceptions);
  if (targets.includes('terraform')) exceptions.push(...terraformExceptions);
  if (!targets.includes('kubernetes') && !targets.includes('helm')) return exceptions;
  exceptions.push({
    tool: 'Polaris',
    rule: 'priorityClassNotSet',
    objects: storeNames.some((name) => isDeployed(name, plan.options))
      ? 'every Deployment, StatefulSet and Job'
      : 'every Deployment and Job',
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
  const deployed = storeNames.filter((name) => isDeployed(name, plan.options));
  if (deployed.length > 0) {
    exceptions.push({
      tool: 'Checkov',
      rule: 'CKV_K8S_43',
      objects: `${deployed.length === 1 ? 'StatefulSet' : 'StatefulSets'} ${deployed.join(', ')}`,
      reason:
        'Images of others are pinned by version: an export asks no registry, and the digest is that of the mirror you pull from.',
    });
  }
  if (isDeployed('redpanda', plan.options)) {
    const reason = 'The image is made for its own account, 101; it is no account of the host, and may do nothing.';
    const objects = 'StatefulSet redpanda';
    exceptions.push({ tool: 'kube-score', rule: 'container-security-context-user-group-id', objects, reason });
    exceptions.push({ tool: 'Checkov', rule: 'CKV_K8S_40', objects, reason });
  }
  return exceptions;
}

const terraformExceptions: Exception[] = [
  {
    tool: 'Checkov',
    rule: 'CKV_AWS_144',
    objects: 'S3 buckets of modules/bucket',
    reason: 'Replication to another region is a decision about cost and law that belongs to whoever runs it.',
  },
  {
    tool: 'Checkov',
    rule: 'CKV2_AWS_62',
    objects: 'S3 buckets of modules/bucket',
    reason: 'Nobody listens for changes of state and build artefacts; a notification without a listener is noise.',
  },
  {
    tool: 'Checkov',
    rule: 'CKV_AWS_18',
    objects: 'the log bucket of modules/bucket',
    reason: 'The bucket that takes the access logs does not log access to itself.',
  },
  {
    tool: 'Checkov',
    rule: 'CKV_AWS_356',
    objects: 'the push policy of modules/release-role',
    reason: '`ecr:GetAuthorizationToken` knows no resource but `*`.',
  },
];

const contractExceptions: Exception[] = [
  {
    tool: 'Checkov',
    rule: 'CKV_OPENAPI_5',
    objects: 'operations without a token',
    reason: 'The catalogue and search are public, and services inside the cluster check tokens where roles are named.',
  },
  {
    tool: 'Checkov',
    rule: 'CKV_OPENAPI_21',
    objects: 'arrays without maxItems',
    reason: 'The documents say what the running services check; a bound that nobody enforces would be a false promise.',
  },
];
