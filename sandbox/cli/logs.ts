import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { CapturedLine } from '#contracts/sandbox/control.ts';
import { homeFiles } from '../supervisor/home.ts';
import { fleet } from '../topology.ts';
import { callControl, findProcesses, findRunning, type Running } from './control-client.ts';
import { formatLine } from './log-format.ts';
import { wholeNumber } from './options.ts';

type Options = { follow?: boolean; lines: number; json?: boolean };
type NamedLine = CapturedLine & { process: string };

export function logsCommand(): Command {
  return new Command('logs')
    .description('what the processes printed')
    .argument('[service]', 'one process; all of them without')
    .option('-f, --follow', 'go on printing')
    .option('-n, --lines <n>', 'lines per process', wholeNumber(1, 2_000), 100)
    .option('--json', 'one JSON object per line')
    .action(logs);
}

async function logs(service: string | undefined, options: Options): Promise<void> {
  const names = fleet.processes.map((process) => process.name);
  if (service !== undefined && !names.includes(service)) {
    throw new AppError('invalid_argument', `there is no process "${service}"; there are ${names.join(', ')}`);
  }
  const wanted = service === undefined ? names : [service];
  const running = await findRunning();
  const print = (line: NamedLine) =>
    console.log(options.json ? JSON.stringify(line) : formatLine(line, service === undefined ? line.process : null));
  if (running === null) {
    for (const line of await fromFiles(wanted, options.lines)) print(line);
    return;
  }
  const shown = new Map<string, number>();
  for (const line of await fromRings(running, wanted, options.lines, shown)) print(line);
  // In containers a supervisor that ends is an error of the next question.
  const goesOn = async () => running.pid === null || (await findProcesses())?.pid === running.pid;
  while (options.follow && (await goesOn())) {
    await delay(250);
    for (const line of await fromRings(running, wanted, 2_000, shown)) print(line);
  }
}

/** The newest lines of each process beyond those shown before, in the order of their arrival. */
async function fromRings(
  running: Running,
  names: readonly string[],
  count: number,
  shown: Map<string, number>,
): Promise<NamedLine[]> {
  const present = z.array(z.object({ name: z.string() })).parse(await callControl(running, '/v1/processes'));
  const known = names.filter((name) => present.some((process) => process.name === name));
  const all = await Promise.all(
    known.map(async (name) => {
      const query = `lines=${count}&after=${shown.get(name) ?? 0}`;
      const lines = CapturedLine.array().parse(await callControl(running, `/v1/processes/${name}/logs?${query}`));
      const last = lines.at(-1)?.sequence;
      if (last !== undefined) shown.set(name, last);
      return lines.map((line) => ({ ...line, process: name }));
    }),
  );
  return all.flat().sort((a, b) => a.at.localeCompare(b.at));
}

/** After `down` the log files still tell; they hold no arrival times, so each process comes as a block. */
async function fromFiles(names: readonly string[], count: number): Promise<NamedLine[]> {
  const blocks = names.map(async (name) => {
    const text = await readFile(path.join(homeFiles().logs, `${name}.log`), 'utf8').catch(() => '');
    const lines = text.split('\n').filter(Boolean).slice(-count);
    return lines.map((line) => ({ process: name, at: '', stream: 'stdout' as const, line }));
  });
  return (await Promise.all(blocks)).flat();
}
