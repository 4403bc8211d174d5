import { spawn } from 'node:child_process';
import path from 'node:path';
import { AppError } from '#contracts/errors.ts';
import { repository } from '../../supervisor/home.ts';

export type DockerAnswer = { code: number; out: string; err: string };

/** The file that describes the containers (sandbox/compose/render.ts writes it). */
export const composePath = path.join(repository, 'compose/compose.yaml');

type Options = {
  /** Output goes to this terminal and not into the answer. */
  shown?: boolean;
  /** After this it is ended, and has failed. */
  timeoutMs?: number;
};

/** Runs `docker` to its end. Throws `unavailable` when there is no such program. */
export function docker(args: readonly string[], { shown = false, timeoutMs }: Options = {}): Promise<DockerAnswer> {
  return new Promise((resolve, reject) => {
    const stdio = shown ? ('inherit' as const) : ('pipe' as const);
    const end = { timeout: timeoutMs, killSignal: 'SIGKILL' } as const;
    const child = spawn('docker', args, { cwd: repository, stdio: ['ignore', stdio, stdio], ...end });
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
export function compose(args: readonly string[], options?: Options): Promise<DockerAnswer> {
  return docker(['compose', '--file', composePath, ...args], options);
}

/** What Docker complained of last. */
export function lastLine({ err }: DockerAnswer): string {
  return err.trim().split('\n').pop() ?? '';
}
