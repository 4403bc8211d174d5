import { spawn } from 'node:child_process';
import { type PostgresOptions, postgresProbe, preparePostgres } from '../../postgres/server.ts';
import type { Launcher } from '../launcher.ts';

/** Starts the embedded server. SIGINT is its fast shutdown: sessions are ended, everything is written. */
export function postgresLauncher(options: PostgresOptions): Launcher {
  const probe = postgresProbe(options);
  return {
    async prepare(_instance, _told, signal) {
      return { ...(await preparePostgres(options, signal)), ipc: false, stopSignal: 'SIGINT' };
    },
    probe,
    guard: guardPostmaster,
  };
}

/**
 * Postgres has no channel that tells it of the supervisor's death. This shell (1 MB) waits for the end of its standard
 * input, which the kernel closes with us, and then asks the server to shut down.
 */
function guardPostmaster(pid: number): () => void {
  const script = 'read -r word; [ "$word" = done ] || kill -INT "$1"';
  const guard = spawn('/bin/sh', ['-c', script, 'postgres-guard', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  return () => {
    guard.stdin.end('done\n');
  };
}
