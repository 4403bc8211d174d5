/** EXPORT-REPORT.md: what became of every part of the topology, and what could not be taken along. */
import type { ExportFile, ExportTarget } from '#contracts/sandbox/export.ts';
import { textFile } from '../file.ts';
import type { Plan, PlannedService } from '../plan.ts';
import { imageOf } from '../settings.ts';
import { lossesOf } from './losses.ts';
import { table } from './markdown.ts';

export function reportFile(plan: Plan, targets: readonly ExportTarget[]): ExportFile {
  const options = Object.entries(plan.options).map(([name, value]) => [
    `\`${name}\``,
    value === null ? '–' : `\`${Array.isArray(value) ? value.join(', ') : String(value)}\``,
  ]);
  return textFile(
    'EXPORT-REPORT.md',
    `
# Export report

Targets: ${targets.join(', ')}. Image: \`${imageOf(plan)}\`.

## Options

${table(['option', 'value'], options)}

## What became of each process

${table(['process', 'becomes', 'reads', 'scales'], plan.services.map(mapping))}

## What stayed behind

${table(
  ['process', 'why'],
  plan.leftOut.map(({ process, reason }) => [`\`${process.name}\``, reason]),
)}

## Losses and limits

${lossesOf(plan, targets)
  .map((loss) => `- ${loss}`)
  .join('\n')}

## Secrets to provide

Values are never exported. Each is a key of the Secret of its service, and is mounted as a file.

${table(
  ['Secret', 'keys'],
  plan.services
    .filter((service) => service.secretFiles.length > 0)
    .map((service) => [
      `\`${service.process.name}-credentials\``,
      service.secretFiles.map((name) => `\`${name}\``).join(', '),
    ]),
)}

\`QUOTE_SIGNING_KEY\` is one value in pricing and orders, \`PAYMENTS_API_KEY\` one value in billing and its provider.
`,
  );
}

function mapping(service: PlannedService): string[] {
  const { process } = service;
  return [
    `\`${process.name}\``,
    `Deployment, Service, ServiceAccount, NetworkPolicy, PodDisruptionBudget${service.public ? ', route' : ''}${process.database === null ? '' : ', migration Job'}`,
    [...service.calls.map((edge) => edge.to), ...service.consumes].map((name) => `\`${name}\``).join(', ') || '–',
    service.scalesByLag ? 'by lag (KEDA)' : 'by CPU or fixed, see option `autoscaling`',
  ];
}
