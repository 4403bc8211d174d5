import { Command } from 'commander';
import { ProcessStatus } from '#contracts/sandbox/control.ts';
import { homeFiles } from '../supervisor/home.ts';
import { findOrphans } from '../supervisor/orphans.ts';
import { consoleLink } from './compose/containers.ts';
import { callControl, currentState, findRunning } from './control-client.ts';
import { columns, duration, mebibytes, stateWord } from './table.ts';

export function statusCommand(): Command {
  return new Command('status')
    .description('what is running, on which ports, since when')
    .option('--json', 'print the state and every process as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const running = await findRunning();
      if (running === null) {
        const orphans = (await findOrphans(homeFiles())).map((orphan) => orphan.name);
        if (json) console.log(JSON.stringify({ running: false, orphans }));
        else
          console.log(
            orphans.length === 0
              ? 'Nothing is running.'
              : `The supervisor is gone, these still run: ${orphans.join(', ')}. \`down\` ends them.`,
          );
        process.exitCode = 1;
        return;
      }
      const state = await currentState(running);
      const statuses = ProcessStatus.array().parse(await callControl(running, '/v1/processes'));
      if (json) {
        console.log(JSON.stringify({ running: true, state, processes: statuses }, null, 2));
        return;
      }
      console.log(table(statuses));
      const memory = statuses.reduce((sum, status) => sum + (status.memoryBytes ?? 0), 0);
      const where = running.pid === null ? 'in containers' : `supervisor pid ${running.pid}`;
      console.log(`\n${state.ready ? 'Ready' : 'Not ready yet'}, ${where}, ${mebibytes(memory)} in all.`);
      console.log(`Console  ${running.pid === null ? await consoleLink() : running.launch.consoleLaunch}`);
      for (const status of statuses.filter((status) => status.reason !== null && status.state !== 'running')) {
        console.log(`\n${status.name}: ${status.reason}`);
      }
    });
}

function table(statuses: readonly ProcessStatus[]): string {
  const now = Date.now();
  const head = ['process', 'state', 'port', 'pid', 'up', 'restarts', 'cpu', 'memory'];
  const rows = statuses.map((status) => [
    status.name,
    status.state,
    Object.values(status.ports).join(','),
    String(status.pid ?? ''),
    status.readyAt === null ? '' : duration(now - Date.parse(status.readyAt)),
    String(status.restarts),
    status.cpuPercent === null ? '' : `${status.cpuPercent.toFixed(1)} %`,
    status.memoryBytes === null ? '' : mebibytes(status.memoryBytes),
  ]);
  const [title = '', ...lines] = columns([head, ...rows], [2, 3, 4, 5, 6, 7]).split('\n');
  // Colour is added after the columns are aligned: escape codes have a length, but no width.
  const coloured = lines.map((line, index) => {
    const state = statuses[index]?.state ?? 'stopped';
    return line.replace(` ${state} `, ` ${stateWord(state)} `);
  });
  return [title, ...coloured].join('\n');
}
