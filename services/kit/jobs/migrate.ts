/**
 * One-shot `node services/kit/jobs/migrate.ts SERVICE`: applies the migrations of one service and ends. An
 * orchestrator runs it before a rollout; without it the service migrates at boot, under the same lock.
 */
import { existsSync } from 'node:fs';
import { databaseEnv, parseEnv } from '../env.ts';
import { createLogger } from '../logger.ts';
import { createDatabase } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';

const service = process.argv[2] ?? '';
const directory = new URL(`../../${service}/migrations/`, import.meta.url);
if (!/^[a-z][a-z0-9-]*$/.test(service) || !existsSync(directory)) {
  process.stderr.write(`migrate: there is no service "${service}" with migrations\n`);
  process.exit(2);
}
const env = parseEnv(databaseEnv, { PORT: '0', ...process.env });
const log = createLogger({
  service: `${service}-migrate`,
  version: env.SERVICE_VERSION,
  instance: `${service}-migrate`,
  env: env.DEPLOYMENT_ENVIRONMENT,
  level: env.LOG_LEVEL,
});
const stopping = new AbortController();
process.on('SIGTERM', () => stopping.abort(new Error('stopping: SIGTERM')));
const database = createDatabase({ url: env.DATABASE_URL, applicationName: `${service}-migrate`, max: 1 });
try {
  await migrate(database, {
    sources: [
      { name: 'kit', directory: new URL('../migrations/', import.meta.url) },
      { name: service, directory },
    ],
    log,
    signal: stopping.signal,
  });
  log.info({ service }, 'migrations are up to date');
} catch (error) {
  log.fatal({ error, service }, 'migration failed');
  process.exitCode = 1;
} finally {
  await database.close();
  log.flush();
}
