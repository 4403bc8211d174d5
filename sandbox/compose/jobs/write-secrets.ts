/**
 * `node sandbox/compose/jobs/write-secrets.ts`: makes the secrets of this state directory once, as the supervisor would,
 * and gives every process a folder with its own. Does nothing that has been done.
 */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
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

/** Replaces each file as a whole: a reader never sees half. Each container sees one folder, under an account of its own. */
export async function writeSecrets(directory: string, contents: Record<string, string>): Promise<void> {
  for (const [file, content] of Object.entries(contents)) {
    const target = path.join(directory, file);
    await mkdir(path.dirname(target), { recursive: true });
    // Nobody may write to one that a job that died has left.
    await rm(`${target}.new`, { force: true });
    await writeFile(`${target}.new`, content, { mode: 0o444 });
    await rename(`${target}.new`, target);
  }
}

if (import.meta.main) {
  const home = homeFiles();
  await writeSecrets(home.directory, secretContents(fleet, await loadSecrets(home, loginNames(fleet))));
}
