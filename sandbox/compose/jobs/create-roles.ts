/** `node sandbox/compose/jobs/create-roles.ts`: one login and one database per service, and the auditor's that only reads. */
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
await provision({ ...addresses.ofProcess('postgres'), password: secrets.postgresSuperuser }, loginsOf(secrets));
log.info('logins and databases exist', { names: Object.keys(secrets.logins) });
