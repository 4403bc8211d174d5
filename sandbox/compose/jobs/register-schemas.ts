/**
 * `node sandbox/compose/jobs/register-schemas.ts`: puts every version of every event schema into the broker's schema
 * registry (SCHEMA_REGISTRY_URL), oldest first. A version that is known keeps its id.
 */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { AppError } from '#contracts/errors.ts';
import { createLog } from '../../log.ts';

const folder = fileURLToPath(new URL('../../../contracts/events/schemas/', import.meta.url));

export type RecordedSchema = { subject: string; version: string; schema: string };

/** What is on record, versions of a subject in ascending order. */
export async function recordedSchemas(): Promise<RecordedSchema[]> {
  const found: RecordedSchema[] = [];
  for (const subject of (await readdir(folder)).sort()) {
    const files = (await readdir(`${folder}${subject}`)).filter((file) => file.endsWith('.json'));
    const versions = files
      .map((file) => file.replace(/\.json$/, ''))
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    for (const version of versions) {
      found.push({ subject, version, schema: await readFile(`${folder}${subject}/${version}.json`, 'utf8') });
    }
  }
  return found;
}

/** Registers one after the other. Throws `dependency_failed` that names the schema and the registry's answer. */
export async function registerSchemas(url: string, schemas: readonly RecordedSchema[]): Promise<void> {
  const send = async (what: string, path: string, method: string, body: object) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    if (response.ok) return response.body?.cancel();
    const answer = (await response.text()).slice(0, 300);
    throw new AppError('dependency_failed', `schema registry refused ${what}: ${response.status} ${answer}`);
  };
  for (const subject of new Set(schemas.map((schema) => schema.subject))) {
    // Whether versions are compatible is judged where they are made (contracts/events/registry.test.ts), by other rules.
    await send(subject, `/config/${subject}`, 'PUT', { compatibility: 'NONE' });
  }
  for (const { subject, version, schema } of schemas) {
    await send(`${subject} ${version}`, `/subjects/${subject}/versions`, 'POST', { schemaType: 'JSON', schema });
  }
}

if (import.meta.main) {
  const log = createLog('schemas', 'info', (line) => process.stdout.write(line));
  const schemas = await recordedSchemas();
  await registerSchemas(process.env.SCHEMA_REGISTRY_URL ?? '', schemas);
  log.info('schemas are registered', { schemas: schemas.length });
}
