import { AppError } from '#contracts/errors.ts';
import type { Fleet } from '../fleet.ts';
import type { PortWish } from './ports.ts';

/**
 * The part of the fleet to start: `ORRERY_ONLY=postgres,broker` or `ORRERY_WITHOUT=console`. Ports and addresses of
 * the rest stay known, so that a process can be started by hand from an editor in its place.
 * Throws `invalid_argument` for a name that is not in the fleet.
 */
export function chooseProcesses(fleet: Fleet, environment: NodeJS.ProcessEnv): Set<string> {
  const names = fleet.processes.map((process) => process.name);
  const only = listOf('ORRERY_ONLY', environment, names);
  const without = listOf('ORRERY_WITHOUT', environment, names);
  return new Set((only.length > 0 ? only : names).filter((name) => !without.includes(name)));
}

function listOf(variable: string, environment: NodeJS.ProcessEnv, names: readonly string[]): string[] {
  const list = (environment[variable] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const unknown = list.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new AppError(
      'invalid_argument',
      `${variable}: there is no process ${unknown.join(', ')}; there are ${names.join(', ')}`,
    );
  }
  return list;
}

/** Ports to ask for: the defaults of the topology and `more`, or one after the other from `ORRERY_PORT_BASE`. */
export function portWishes(
  fleet: Fleet,
  supervisor: { name: string; port: number },
  environment: NodeJS.ProcessEnv,
  more: readonly PortWish[] = [],
): PortWish[] {
  const defaults = [
    { process: supervisor.name, purpose: 'http', port: supervisor.port },
    ...fleet.processes.flatMap(({ name, ports }) =>
      Object.entries(ports).map(([purpose, port]) => ({ process: name, purpose, port })),
    ),
    ...more,
  ];
  const text = environment.ORRERY_PORT_BASE;
  if (text === undefined || text === '') return defaults;
  const base = Number(text);
  if (!Number.isInteger(base) || base < 1024 || base > 65_000) {
    throw new AppError('invalid_argument', `ORRERY_PORT_BASE must be a port from 1024 to 65000, not "${text}"`);
  }
  return defaults.map((wish, index) => ({ ...wish, port: base + index }));
}
