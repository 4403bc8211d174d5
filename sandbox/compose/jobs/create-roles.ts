/** `node sandbox/compose/jobs/create-roles.ts`: a login, a database and its extensions per service; the auditor only reads. */
import { createLog } from '../../log.ts';
import { provision } from '../../postgres/provision.ts';
import { homeFiles } from '../../supervisor/home.ts';
import { loginNames, loginsOf } from '../../supervisor/logins.ts';
import { loadSecrets } from '../../supervisor/secrets.ts';
import { fleet } from '../../topology.ts';
import { containerNetwork } from '../addresses.ts';

const log = createLog('roles', 'info', (line) => process.stdout.write(line));
const secrets = await loadSecrets(homeFiles(), loginNames(fleet));
const { addresses } = containerNetwork(fleet);
const extensionsOf = (database: string) =>
  fleet.processes.find((process) => process.database === database)?.extensions ?? [];
const logins = loginsOf(secrets).map((login) => ({ ...login, extensions: extensionsOf(login.name) }));
await provision({ ...addresses.ofProcess('postgres'), password: secrets.postgresSuperuser }, logins);
log.info('logins and databases exist', { names: Object.keys(secrets.logins) });
