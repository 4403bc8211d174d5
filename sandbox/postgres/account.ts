/** Postgres refuses to run as root. Under root it runs as an ordinary account that owns its data. */
import { readFile, stat } from 'node:fs/promises';
import { AppError } from '#contracts/errors.ts';

export type Account = { name: string; uid: number; gid: number };

/**
 * The account for Postgres, null when we are not root. Whoever owns the data already; else who called sudo; else
 * `nobody`. It must be in the password file, because initdb looks its name up.
 * Throws `unavailable` when no account fits.
 */
export async function postgresAccount(
  dataDirectory: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const accounts = parsePasswd(await readFile('/etc/passwd', 'utf8').catch(() => ''));
  const owner = await stat(dataDirectory).then(
    (found) => found.uid,
    () => null,
  );
  const wanted = [owner, Number(environment.SUDO_UID ?? Number.NaN)];
  const found =
    wanted.map((uid) => accounts.find((account) => account.uid === uid && uid !== 0)).find(Boolean) ??
    accounts.find((account) => account.name === 'nobody');
  if (!found) {
    throw new AppError(
      'unavailable',
      'Postgres does not run as root and there is no account `nobody`: start as an ordinary user',
    );
  }
  return found;
}

export function parsePasswd(text: string): Account[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }))
    .filter((account) => account.name !== '');
}
