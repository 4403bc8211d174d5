import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type EventName, events } from './events.ts';
import { jsonSchemaOf } from './json-schema.ts';

/*
 * Puts the schema of every event's current version on record: `node contracts/events/render-schemas.ts`.
 * A version that is on record never changes: whoever changes a schema raises its version, so the test beside can
 * hold the new one against all earlier ones.
 */
const folder = join(import.meta.dirname, 'schemas');
for (const name of Object.keys(events) as EventName[]) {
  const file = join(folder, name, `${events[name].version}.json`);
  const text = `${JSON.stringify(jsonSchemaOf(name), null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, 'utf8') !== text) {
    throw new Error(`${name} ${events[name].version} is on record and differs: raise its version in events.ts`);
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
