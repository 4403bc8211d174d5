import { apis } from '#contracts/http/apis.ts';
import { type Api, openApiOf } from '#contracts/http/openapi.ts';
import type { ExportFile } from '#contracts/sandbox/export.ts';
import { yamlFile } from '../file.ts';
import { type Plan, type PlannedService, portOf } from '../plan.ts';
import { settingsOf } from '../settings.ts';

type Document = { info: object; paths: Record<string, Record<string, object>>; [field: string]: unknown };

const known: Record<string, Api> = apis;

/** One OpenAPI 3.1 document per service, as its routes are declared; a service without declared routes has none. */
export function openApiFiles(plan: Plan): ExportFile[] {
  return plan.services.flatMap((service) => {
    const api = known[service.process.name];
    return api === undefined
      ? []
      : [yamlFile(`contracts/openapi/${service.process.name}.yaml`, documentOf(plan, service, api))];
  });
}

function documentOf(plan: Plan, service: PlannedService, api: Api): object {
  const document = openApiOf(api) as unknown as Document;
  const { openapi, info, paths, ...rest } = document;
  const tag = service.process.name;
  return {
    openapi,
    info: { ...info, license: { name: 'MIT', identifier: 'MIT' } },
    servers: serversOf(plan, service),
    tags: [{ name: tag, description: service.process.description }],
    security: [{ bearer: [] }],
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, operations]) => [
        path,
        Object.fromEntries(
          Object.entries(operations).map(([method, operation]) => [method, { ...operation, tags: [tag] }]),
        ),
      ]),
    ),
    ...rest,
  };
}

function serversOf(plan: Plan, service: PlannedService): object[] {
  const { host, identityHost } = settingsOf(plan, 'prod');
  if (service.public && plan.options.ingress !== 'none') {
    return [
      { url: `https://${service.process.name === 'identity' ? identityHost : host}`, description: 'From outside' },
    ];
  }
  return [{ url: `http://${service.process.name}:${portOf(service, 'http')}`, description: 'Inside the cluster' }];
}
