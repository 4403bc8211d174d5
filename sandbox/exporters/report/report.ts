/** EXPORT-REPORT.md: what became of every part of the topology, and what could not be taken along. */
import type { ExportFile, ExportTarget } from '#contracts/sandbox/export.ts';
import { accessListOf } from '../../compose/valkey.ts';
import { textFile } from '../file.ts';
import { storesOf } from '../kubernetes/objects.ts';
import { secretName } from '../kubernetes/secrets.ts';
import { type Store, secretNameOf } from '../kubernetes/stores/store.ts';
import type { Plan, PlannedService } from '../plan.ts';
import { imageOf, settingsOf } from '../settings.ts';
import { isDeployed } from '../stores.ts';
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

${table(['process', 'becomes', 'reads', 'scales'], [...plan.services.map(mapping), ...deployedStores(plan).map(storeMapping)])}

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
  [
    ...plan.services.map((service) => [secretName(service), service.secretFiles] as const),
    ...deployedStores(plan).map(
      ({ name, secretFiles }) => [secretNameOf(name), secretFiles.map(({ key }) => key)] as const,
    ),
  ]
    .filter(([, keys]) => keys.length > 0)
    .map(([name, keys]) => [`\`${name}\``, keys.map((key) => `\`${key}\``).join(', ')]),
)}

\`QUOTE_SIGNING_KEY\` is one value in pricing and orders, \`PAYMENTS_API_KEY\` one value in billing and its provider.
${storeSecrets(plan)}`,
  );
}

function deployedStores(plan: Plan): Store[] {
  return storesOf(plan, settingsOf(plan, 'base')).filter(({ name }) => isDeployed(name, plan.options));
}

function storeMapping({ name, data }: Store): string[] {
  return [
    `\`${name}\``,
    `StatefulSet with a volume of ${data.storage}, headless Service, ServiceAccount, NetworkPolicy, PodDisruptionBudget`,
    '–',
    'one pod',
  ];
}

/** What has to agree with what, where stores come along. */
function storeSecrets({ options }: Plan): string {
  const lines: string[] = [];
  if (isDeployed('postgres', options)) {
    lines.push(
      '`LOGIN_ORDERS` is the password in `DATABASE_URL` of orders, which leads to `postgres:5432/orders` as `orders`; likewise for each service.',
    );
  }
  if (options.valkey !== 'none') {
    const host = isDeployed('valkey', options) ? 'valkey' : `HOST.${options.dataNamespace}.svc.cluster.local`;
    lines.push(`\`CACHE_URL\` is \`redis://orrery:PASSWORD@${host}:6379\`. What that login may do, as \`users.acl\` of Valkey says it:

\`\`\`
${accessListOf('>PASSWORD').trimEnd()}
\`\`\``);
  }
  return lines.map((line) => `\n${line}\n`).join('');
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
