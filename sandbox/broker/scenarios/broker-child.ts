import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface BrokerChild {
  process: ChildProcess;
  port: number;
  healthPort: number;
  lines: Record<string, unknown>[];
  exited: Promise<number | null>;
}

/** The broker as a real process, as the supervisor runs it. Resolves when it says that it is ready. */
export async function spawnBroker(env: Record<string, string>): Promise<BrokerChild> {
  const child = spawn(process.execPath, ['--no-warnings', MAIN], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', HEALTH_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const lines: Record<string, unknown>[] = [];
  const stdout = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  return new Promise((resolve, reject) => {
    exited.then((code) => reject(new Error(`broker exited with ${code}: ${JSON.stringify(lines)}`)));
    stdout.on('line', (text) => {
      const line = JSON.parse(text) as Record<string, unknown>;
      lines.push(line);
      if (line.message !== 'broker ready') return;
      const [listener] = line.listeners as { port: number }[];
      resolve({ process: child, port: listener?.port ?? 0, healthPort: line.healthPort as number, lines, exited });
    });
  });
}
