/**
 * `node sandbox/compose/jobs/write-secrets.ts`: makes the secrets of this state directory once, as the supervisor would,
 * and gives every process a folder with its own. Does nothing that has been done.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Fleet } from '../../fleet.ts';
import { homeFiles } from '../../supervisor/home.ts';
import { loginNames } from '../../supervisor/logins.ts';
import { loadSecrets, type Secrets } from '../../supervisor/secrets.ts';
import { fleet, supervisorName } from '../../topology.ts';
import { plainEnvironment } from '../environment.ts';
import { secretSubpath, secretVariables } from '../secret-files.ts';
import { supervisorSecrets } from '../supervision.ts';
import { accessList, aclFile } from '../valkey.ts';

/** Content of every file, by its path in the volume. */
export function secretContents(description: Fleet, secrets: Secrets): Record<string, string> {
  const contents: Record<string, string> = {
    [`${secretSubpath('postgres')}/POSTGRES_PASSWORD`]: secrets.postgresSuperuser,
    [`${secretSubpath('valkey')}/${aclFile}`]: accessList(secrets),
  };
  const supervisor: Record<(typeof supervisorSecrets)[number], string> = {
    CONTROL_TOKEN: secrets.controlToken,
    TELEMETRY_TOKEN: secrets.telemetryToken,
    AUDITOR_TOKEN: secrets.auditorToken,
    AGENT_TOKEN: secrets.agentToken,
    IDENTITY_CLIENT_SECRET: secrets.clients.cli ?? '',
  };
  for (const name of supervisorSecrets) contents[`${secretSubpath(supervisorName)}/${name}`] = supervisor[name];
  for (const process of description.processes) {
    const environment = plainEnvironment(description, process, secrets, '');
    for (const name of secretVariables(description, process)) {
      contents[`${secretSubpath(process.name)}/${name}`] = environment[name] ?? '';
    }
  }
  return contents;
}

if (import.meta.main) {
  const home = homeFiles();
  const secrets = await loadSecrets(home, loginNames(fleet));
  for (const [file, content] of Object.entries(secretContents(fleet, secrets))) {
    const target = path.join(home.directory, file);
    await mkdir(path.dirname(target), { recursive: true });
    // Each container sees one folder only, under an account of its own. Replaced as a whole: a reader never sees half.
    await writeFile(`${target}.new`, content, { mode: 0o444 });
    await rename(`${target}.new`, target);
  }
}
