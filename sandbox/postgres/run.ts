import { spawn } from 'node:child_process';
import { AppError } from '#contracts/errors.ts';
import { processEnv } from '../process-env.ts';
import type { Account } from './account.ts';

/** Runs a tool of Postgres to its end. Throws `internal` with what it printed when it fails. */
export async function runTool(
  command: string,
  args: string[],
  options: { account: Account | null; cwd: string; signal: AbortSignal },
): Promise<string> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: processEnv({ LC_ALL: 'C', PATH: process.env.PATH ?? '' }),
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: options.signal,
    ...(options.account ? { uid: options.account.uid, gid: options.account.gid } : {}),
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const text = Buffer.concat(output).toString('utf8').trim();
  if (code !== 0) {
    throw new AppError('internal', `${command.split('/').pop()} failed with code ${code}:\n${text}`);
  }
  return text;
}
