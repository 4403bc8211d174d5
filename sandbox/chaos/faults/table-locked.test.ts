import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fleet } from '../../topology.ts';
import { parseParameters } from '../parameters.ts';
import { fakeWorld } from '../testing/world.ts';
import { tableLocked } from './table-locked.ts';

const services = path.resolve(import.meta.dirname, '../../../services');

function tablesOf(service: string): Set<string> {
  const folders = ['kit', service].map((name) => path.join(services, name, 'migrations'));
  // Without those in folders, which are for databases with an extension.
  const sql = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.sql'))
      .map((file) => readFileSync(path.join(folder, file), 'utf8')),
  );
  return new Set(sql.join('\n').match(/(?<=create table )\w+/g));
}

const withDatabase = fleet.processes.filter(({ database }) => database !== null).map(({ name }) => name);
const world = {
  ...fakeWorld(),
  services: withDatabase,
  processes: withDatabase.map((name) => ({ name, title: name, kind: 'crud' as const })),
  edges: withDatabase.map((from) => ({
    name: `${from}-postgres-postgres`,
    from,
    to: 'postgres',
    protocol: 'postgres',
  })),
};

test.each(tableLocked.targets(world))('the table that $id opens with is in its database', ({ id, defaults }) => {
  const { table } = parseParameters(tableLocked, { ...defaults });
  expect(tablesOf(id)).toContain(table);
});

test('a service whose outbox stays empty opens with a table that it uses', () => {
  const tables = new Map(tableLocked.targets(world).map(({ id, defaults }) => [id, defaults?.table ?? 'outbox']));
  expect(tables.get('identity')).toBe('oidc_record');
  expect(tables.get('billing')).toBe('outbox');
});
