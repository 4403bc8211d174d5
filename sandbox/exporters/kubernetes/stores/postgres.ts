import { images } from '../../../compose/images.ts';
import { type Plan, withDatabase } from '../../plan.ts';
import type { Settings } from '../../settings.ts';
import { storePorts } from '../../stores.ts';

import { labelsOf } from '../object.ts';
import { secretFolder } from '../secrets.ts';
import { userId } from '../security-context.ts';
import { exec, storeProbes } from './probes.ts';
import type { Store } from './store.ts';

const superuser = 'postgres';

/** Key of the password that a service's DATABASE_URL holds, too. */
export function loginKey(service: string): string {
  return `LOGIN_${service.toUpperCase().replaceAll('-', '_')}`;
}

/** One login and one database per service, made when the volume is new and before anybody can connect. */
export function postgres(plan: Plan, settings: Settings): Store {
  return {
    name: 'postgres',
    component: 'database',
    image: images.postgres,
    // The image runs under any account (its entry point gives it a name), so under one that no host user has.
    account: userId,
    ports: { postgres: storePorts.postgres },
    container: {
      // Passwords are kept as scram-sha-256 by default; saying so looks like a secret to those who scan for them.
      args: ['postgres', '-c', 'max_connections=120', '-c', 'timezone=UTC'],
      env: [
        { name: 'POSTGRES_USER', value: superuser },
        { name: 'POSTGRES_PASSWORD_FILE', value: `${secretFolder}/POSTGRES_PASSWORD` },
        {
          name: 'POSTGRES_INITDB_ARGS',
          value: '--auth=scram-sha-256 --locale-provider=builtin --builtin-locale=C.UTF-8',
        },
      ],
    },
    // Over TCP: while the image initialises, a temporary server answers on the socket only.
    probes: storeProbes(exec('pg_isready', '-h', '127.0.0.1', '-U', superuser, '-d', 'postgres'), 'postgres'),
    resources: {
      requests: { cpu: '250m', memory: '512Mi', 'ephemeral-storage': '64Mi' },
      limits: { cpu: '2', memory: '1Gi', 'ephemeral-storage': '256Mi' },
    },
    // Since version 18 the data is in a folder of its version below this one.
    data: { mountPath: '/var/lib/postgresql', storage: '20Gi' },
    scratch: { tmp: '/tmp', run: '/var/run/postgresql' },
    secretFiles: [
      { key: 'POSTGRES_PASSWORD', path: 'POSTGRES_PASSWORD' },
      ...withDatabase(plan).map(({ process }) => ({ key: loginKey(process.name), path: `logins/${process.name}` })),
    ],
    files: {
      mountPath: '/docker-entrypoint-initdb.d',
      mode: 0o555,
      configMap: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: 'postgres-databases',
          namespace: settings.namespace,
          labels: labelsOf('postgres-databases', 'configuration'),
        },
        data: { '10-databases.sh': databasesScript(extensionsOf(plan)) },
      },
    },
  };
}

type Extensions = Readonly<Record<string, readonly string[]>>;

/** Names by database. */
function extensionsOf(plan: Plan): Extensions {
  return Object.fromEntries(withDatabase(plan).map(({ process }) => [process.name, process.extensions ?? []]));
}

/** Run by the image's entry point once, when it has made the data folder; executable, so in a shell of its own. */
export function databasesScript(extensions: Extensions): string {
  return `#!/bin/sh
# One login and one database of its name per file in logins/; nobody else may connect to it.
set -eu
sql() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" "$@"; }

for file in "\${LOGINS:-${secretFolder}/logins}"/*; do
  LOGIN_PASSWORD=$(cat "$file") sql --dbname=postgres --set=name="$(basename "$file")" <<'SQL'
\\getenv password LOGIN_PASSWORD
create role :"name" login nosuperuser nocreatedb nocreaterole password :'password';
create database :"name" owner :"name";
revoke connect, temporary on database :"name" from public;
SQL
done
sql --dbname=postgres --command='revoke connect on database postgres, template1 from public'
${Object.entries(extensions)
  .flatMap(([database, names]) =>
    names.map((name) => `sql --dbname=${database} --command='create extension ${name}'\n`),
  )
  .join('')}`;
}
