/** What a person sees while the fleet starts in the foreground: one line per process as it becomes ready. */
import type { ProcessStatus, SandboxState } from '#contracts/sandbox/control.ts';
import type { Launch } from '../supervisor/state.ts';
import { duration, stateWord } from './table.ts';

export type Progress = {
  begin(statuses: readonly ProcessStatus[]): void;
  changed(status: ProcessStatus): void;
  notice(message: string): void;
  ready(state: SandboxState, launch: Launch): void;
  stopping(signal: string): void;
  ended(): void;
};

export function createProgress({ quiet }: { quiet: boolean }): Progress {
  const startedAt = performance.now();
  const shown = new Map<string, string>();
  const told = new Map<string, string>();
  let width = 10;
  let stopping = false;
  const print = (line: string) => {
    if (!quiet) console.log(line);
  };
  // A terminal that went away must not end the fleet in disorder; SIGHUP ends it in order.
  process.stdout.on('error', () => {});

  function changed(status: ProcessStatus): void {
    const before = shown.get(status.name);
    shown.set(status.name, status.state);
    const name = status.name.padEnd(width);
    const doing = status.state === 'starting' && status.restarts === 0 ? status.reason : null;
    if (doing !== null && told.get(status.name) !== doing) {
      told.set(status.name, doing);
      print(`  ${stateWord('starting', '○')} ${name}  ${doing}`);
    }
    if (stopping || before === status.state) return;
    switch (status.state) {
      case 'running': {
        const port = Object.values(status.ports)[0] ?? '';
        const took = status.startedAt && status.readyAt ? Date.parse(status.readyAt) - Date.parse(status.startedAt) : 0;
        const again = status.restarts > 0 ? `  start ${status.restarts + 1}` : '';
        print(
          `  ${stateWord('running', '●')} ${name}  ${String(port).padStart(5)}  ${duration(took).padStart(7)}${again}`,
        );
        return;
      }
      case 'degraded':
      case 'backoff':
      case 'crash-loop':
      case 'failed': {
        const [first = '', ...rest] = (status.reason ?? '').split('\n');
        print(`  ${stateWord(status.state, '▲')} ${name}  ${status.state}: ${first}`);
        if (status.state !== 'degraded') for (const line of rest) print(`      ${line}`);
        return;
      }
      case 'paused':
        print(`  ${stateWord('paused', '▲')} ${name}  paused`);
        return;
      default:
        return;
    }
  }

  return {
    begin(statuses) {
      width = Math.max(...statuses.map((status) => status.name.length));
    },
    changed,
    notice: (message) => print(`  ${message}`),
    ready(state, launch) {
      print(`\nReady in ${duration(performance.now() - startedAt)}. Ctrl-C stops everything.\n`);
      if (state.processes.console) print(`  Console  ${launch.consoleLaunch}`);
      print(`  Gateway  ${state.endpoints.gateway}\n`);
    },
    stopping(signal) {
      stopping = true;
      print(`\n${signal}: stopping in order. Once more ends it at once.`);
    },
    ended: () => print('Everything has stopped.'),
  };
}
