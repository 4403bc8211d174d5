import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { AppError } from '#contracts/errors.ts';
import { apartFrom } from '../postgres/place.ts';
import { homeFiles } from '../supervisor/home.ts';
import { downContainers, hasContainerVolumes } from './compose/containers.ts';
import { down } from './down.ts';

export function resetCommand(): Command {
  return new Command('reset')
    .description('stop everything and delete all data: databases, topics, telemetry, tokens')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print the outcome as JSON')
    .action(async ({ yes, json }: { yes?: boolean; json?: boolean }) => {
      const home = homeFiles();
      const more = (await hasContainerVolumes(home)) ? ', and the volumes of the containers' : '';
      if (!yes) await confirm(`Delete everything in ${home.directory}${more}? [y/N] `);
      await down(home);
      await downContainers(home, { volumes: true, shown: json !== true });
      await rm(apartFrom(home.directory), { recursive: true, force: true });
      await rm(home.directory, { recursive: true, force: true });
      console.log(json ? JSON.stringify({ deleted: home.directory }) : `Deleted ${home.directory}${more}.`);
    });
}

async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new AppError('invalid_argument', 'reset deletes data: add --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(question);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new AppError('cancelled', 'Nothing was deleted.');
}
