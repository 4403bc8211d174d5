/** Wires the commands together and turns every outcome into an exit code: 0 done, 1 failed, 2 wrong usage. */
import { Command, CommanderError } from 'commander';
import { isAppError } from '#contracts/errors.ts';
import { downCommand } from './down.ts';
import { logsCommand } from './logs.ts';
import { orderCommand } from './order.ts';
import { resetCommand } from './reset.ts';
import { statusCommand } from './status.ts';
import { upCommand } from './up.ts';

export async function main(args: string[]): Promise<number> {
  const program = new Command('orrery')
    .description('A production microservice architecture on your laptop: start it, watch it, break it.')
    .exitOverride()
    .showHelpAfterError('(run with --help for what is possible)');
  for (const command of [upCommand(), downCommand(), statusCommand(), resetCommand(), logsCommand(), orderCommand()]) {
    program.addCommand(command.exitOverride());
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    console.error(isAppError(error) ? error.message : error);
    return isAppError(error, 'invalid_argument') ? 2 : 1;
  }
}
