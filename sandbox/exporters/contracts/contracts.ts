/** `contracts/`: what crosses the boundaries of the services, in the formats that other tools read. */
import { readFileSync } from 'node:fs';
import { type EventName, events } from '#contracts/events/events.ts';
import { jsonSchemaOf } from '#contracts/events/json-schema.ts';
import type { ExportFile } from '#contracts/sandbox/export.ts';
import { jsonFile } from '../file.ts';
import type { Plan } from '../plan.ts';
import { asyncApiFiles } from './asyncapi.ts';
import { olderVersions } from './messages.ts';
import { openApiFiles } from './openapi.ts';

const proto = readFileSync(new URL('../../../contracts/grpc/pricing.proto', import.meta.url), 'utf8');

export function contractFiles(plan: Plan): ExportFile[] {
  return [
    ...openApiFiles(plan),
    ...asyncApiFiles(plan),
    ...(Object.keys(events) as EventName[]).flatMap((name) =>
      [...olderVersions(name), { version: events[name].version, schema: jsonSchemaOf(name) }].map(
        ({ version, schema }) => jsonFile(`contracts/schemas/${name}/${version}.json`, schema),
      ),
    ),
    { path: 'contracts/grpc/pricing.proto', content: proto },
  ];
}
