import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './paths.ts';

export type GateResult = { code: number; output: string };

/** Runs a tool of node_modules/.bin to its end; output is stdout and stderr together, without colours. */
export function runGate(tool: string, args: string[], cwd: string): Promise<GateResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules', '.bin', tool), args, {
      cwd,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
