import { spawn } from 'node:child_process';
import path from 'node:path';
import { AppError } from '#contracts/errors.ts';
import { repository } from '../../supervisor/home.ts';

export type DockerAnswer = { code: number; out: string; err: string };

/** The file that describes the containers (sandbox/compose/render.ts writes it). */
export const composePath = path.join(repository, 'compose/compose.yaml');

/**
 * Runs `docker` to its end; with `shown` its output goes to this terminal and not into the answer. Throws `unavailable`
 * when there is no such program.
 */
export function docker(args: readonly string[], { shown = false } = {}): Promise<DockerAnswer> {
  return new Promise((resolve, reject) => {
    const stdio = shown ? ('inherit' as const) : ('pipe' as const);
    const child = spawn('docker', args, { cwd: repository, stdio: ['ignore', stdio, stdio] });
    const answer = { out: '', err: '' };
    child.stdout?.on('data', (chunk: Buffer) => {
      answer.out += chunk;
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      answer.err += chunk;
    });
    child.on('error', (cause) =>
      reject(
        new AppError(
          'unavailable',
          'docker was not found: install Docker Engine or Docker Desktop, or run everything without it by `npm start`',
          { cause },
        ),
      ),
    );
    child.on('close', (code) => resolve({ ...answer, code: code ?? 1 }));
  });
}

/** `docker compose` on our file. */
export function compose(args: readonly string[], options?: { shown?: boolean }): Promise<DockerAnswer> {
  return docker(['compose', '--file', composePath, ...args], options);
}
