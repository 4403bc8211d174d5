/** What the options leave open or promise too much of, each with the file and line it shows in, and what to do. */
import type { ExportFile, ExportFinding } from '#contracts/sandbox/export.ts';
import { partitionCap } from './kubernetes/scaled-object.ts';
import type { Plan } from './plan.ts';
import { imageOf } from './settings.ts';

export function findingsOf(plan: Plan, files: readonly ExportFile[]): ExportFinding[] {
  const { options } = plan;
  const at = (pattern: string): Pick<ExportFinding, 'file' | 'line'> => firstLine(files, pattern);
  const findings: ExportFinding[] = [];
  const add = (severity: ExportFinding['severity'], pattern: string, message: string, fix: string) => {
    const place = at(pattern);
    if (place.file !== null) findings.push({ severity, ...place, message, fix });
  };
  if (options.digest === null) {
    add(
      'warning',
      imageOf(plan),
      `image ${imageOf(plan)} has no digest: what runs may change under its tag`,
      'Set digest to what the build workflow prints (sha256:…).',
    );
  }
  if (options.registry.startsWith('registry.example.com')) {
    add('warning', options.registry, `registry ${options.registry} is an example`, 'Set registry to your own.');
  }
  if (options.host.endsWith('example.com')) {
    add('warning', options.host, `host ${options.host} is an example`, 'Set host to the public name of the shop.');
  }
  if (options.replicas < 2) {
    add(
      'warning',
      options.autoscaling === 'none' ? 'replicas: 1' : 'minReplicas: 1',
      'one replica: a node that is drained takes the service with it',
      'Set replicas to 2 or more.',
    );
  }
  if (options.autoscaling === 'keda' && options.maxReplicas > partitionCap(plan)) {
    add(
      'warning',
      `maxReplicaCount: ${options.maxReplicas}`,
      `consumers may scale to ${options.maxReplicas}, but topics have ${partitionCap(plan)} partitions: the rest would idle`,
      `Set maxReplicas to ${partitionCap(plan)} or less, or give the topics more partitions.`,
    );
  }
  if (options.valkey === 'none' && (options.replicas > 1 || options.autoscaling !== 'none')) {
    add(
      'info',
      'services/gateway/main.ts',
      'each replica of the gateway limits callers by itself: all together let so many times more through',
      'Set valkey to reference or statefulset, so that replicas count together.',
    );
  }
  if (options.paymentsUrl === null) {
    add(
      'info',
      'PAYMENTS_URL',
      'billing charges at the simulated payment provider',
      'Set paymentsUrl to the real provider before prod.',
    );
  }
  return findings;
}

/** Where a text stands first, in the order of the files. */
function firstLine(files: readonly ExportFile[], text: string): { file: string | null; line: number | null } {
  for (const file of files) {
    if (file.path.endsWith('.md')) continue;
    const index = file.content.indexOf(text);
    if (index >= 0) return { file: file.path, line: file.content.slice(0, index).split('\n').length };
  }
  return { file: null, line: null };
}
