import { spawn } from 'node:child_process';
import { processEnv } from '../../process-env.ts';
import { repository } from '../../supervisor/home.ts';

export type CliOutcome = { code: number | null; out: string; err: string };

/** Runs `orrery …` in a process of its own, against the sandbox of that state directory. */
export function runCli(home: string, args: readonly string[]): Promise<CliOutcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['sandbox/cli.ts', ...args], {
      cwd: repository,
      env: processEnv({ PATH: process.env.PATH ?? '', ORRERY_HOME: home }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
