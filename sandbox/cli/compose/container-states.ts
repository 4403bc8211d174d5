import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';

const Row = z.object({ Service: z.string(), State: z.string(), Health: z.string(), ExitCode: z.number() });
export type ContainerState = z.infer<typeof Row>;

/** Reads `docker compose ps --all --format json`: one object per line. Throws `dependency_failed` for anything else. */
export function readContainerStates(text: string): ContainerState[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  try {
    return lines.map((line) => Row.parse(JSON.parse(line)));
  } catch (cause) {
    throw new AppError('dependency_failed', '`docker compose ps` answered something unknown', { cause });
  }
}

/** Containers that have neither done their work nor can: in words, for people. A job that ended with 0 has done it. */
export function notReady(states: readonly ContainerState[]): string[] {
  return states.flatMap(({ Service, State, Health, ExitCode }) => {
    if (State === 'exited') return ExitCode === 0 ? [] : [`${Service} ended with ${ExitCode}`];
    if (State !== 'running') return [`${Service} is ${State}`];
    return Health === '' || Health === 'healthy' ? [] : [`${Service} is ${Health}`];
  });
}
