/**
 * Wires the commands together and turns every outcome into an exit code: 0 done, 1 failed, 2 wrong usage, whether the
 * command line or the sandbox finds it. `chaos run` has one more (chaos-run.ts).
 */
import { Command, CommanderError } from 'commander';
import { type ErrorCode, isAppError } from '#contracts/errors.ts';

/** Each command is loaded when it is used: `status` need not wait for a Kafka client. */
const commands: Record<string, () => Promise<Command>> = {
  up: async () => (await import('./up.ts')).upCommand(),
  down: async () => (await import('./down.ts')).downCommand(),
  status: async () => (await import('./status.ts')).statusCommand(),
  reset: async () => (await import('./reset.ts')).resetCommand(),
  logs: async () => (await import('./logs.ts')).logsCommand(),
  order: async () => (await import('./order.ts')).orderCommand(),
  load: async () => (await import('./load.ts')).loadCommand(),
  history: async () => (await import('./history.ts')).historyCommand(),
  traces: async () => (await import('./traces.ts')).tracesCommand(),
  trace: async () => (await import('./trace.ts')).traceCommand(),
  topics: async () => (await import('./topics.ts')).topicsCommand(),
  audit: async () => (await import('./audit.ts')).auditCommand(),
  chaos: async () => (await import('./chaos.ts')).chaosCommand(),
  export: async () => (await import('./export.ts')).exportCommand(),
};

const wrongUsage: readonly ErrorCode[] = ['invalid_argument', 'unprocessable'];

/** Runs one command line; resolves to the exit code. */
export async function main(args: string[]): Promise<number> {
  const program = told(
    new Command('orrery').description(
      'A production microservice architecture on your laptop: start it, watch it, break it.',
    ),
  );
  const wanted = Object.keys(commands).filter((name) => name === args[0]);
  for (const name of wanted.length > 0 ? wanted : Object.keys(commands)) {
    const command = await commands[name]?.();
    if (command) program.addCommand(told(command));
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    console.error(isAppError(error) ? error.message : error);
    return isAppError(error) && wrongUsage.includes(error.code) ? 2 : 1;
  }
}

/** Wrong usage is thrown and not exited with, by the commands below it as well. */
function told(command: Command): Command {
  for (const below of command.commands) told(below);
  return command.exitOverride().showHelpAfterError('(run with --help for what is possible)');
}
