/** A probe's figure. Pure, over what was read of the fleet. */
import type { AuditBoard } from '#contracts/sandbox/audit.ts';
import type { ProcessStatus } from '#contracts/sandbox/control.ts';
import type { ServicePatterns } from '#contracts/sandbox/control-channel.ts';
import type { ProbeProvider } from '#contracts/sandbox/experiment-file.ts';
import type { LoadRun } from '#contracts/sandbox/load.ts';
import type { Figure } from './tolerance.ts';

export type Reading = {
  processes: readonly ProcessStatus[];
  patterns: readonly ServicePatterns[];
  load: LoadRun | null;
  board: AuditBoard | null;
};

/** The figure now, against what was read when the experiment began. Throws with the reason when there is none. */
export function measure(provider: ProbeProvider, now: Reading, before: Reading): Figure {
  switch (provider.type) {
    case 'processes':
      return now.processes.filter(({ state }) => state !== 'running').length;
    case 'process': {
      const status = processOf(now, provider.process);
      if (provider.figure === 'state') return status.state;
      return status.restarts - processOf(before, provider.process).restarts;
    }
    case 'pattern': {
      const value = factOf(now, provider);
      if (!provider.change) return value;
      if (typeof value !== 'number') throw new Error(`${provider.fact} is no number: its change cannot be told`);
      const was = factOf(before, provider);
      // A process that was started again counts from 0.
      return typeof was === 'number' && was <= value ? value - was : value;
    }
    case 'load':
      return loadFigure(now.load, provider.figure);
    case 'invariants':
      if (now.board === null) throw new Error('the auditor does not answer');
      return now.board.verdicts.filter(({ kind, state }) => kind === 'safety' && state === 'invalid').length;
    default:
      return provider satisfies never;
  }
}

function processOf({ processes }: Reading, name: string): ProcessStatus {
  const status = processes.find((process) => process.name === name);
  if (status === undefined) throw new Error(`there is no process "${name}"`);
  return status;
}

function factOf(
  { patterns }: Reading,
  { service, pattern, part, fact }: Extract<ProbeProvider, { type: 'pattern' }>,
): Figure {
  const found = patterns.find((one) => one.service === service);
  if (found === undefined) throw new Error(`${service} tells of no patterns`);
  if (found.patterns === null) throw new Error(`${service} does not answer: ${found.reason ?? 'no reason'}`);
  const parts = found.patterns.find((one) => one.pattern === pattern)?.parts ?? [];
  const values = parts.filter(({ name }) => part === null || name === part).map(({ facts }) => facts[fact]);
  const known = values.filter((value) => value !== undefined && value !== null);
  const [first] = known;
  if (first === undefined) {
    const names = parts.map(({ name, facts }) => `${name} (${Object.keys(facts).join(', ')})`).join('; ');
    throw new Error(
      `${service} has no ${pattern} fact "${fact}"${part === null ? '' : ` of "${part}"`}; it has ${names || 'none'}`,
    );
  }
  if (known.length > 1 && known.every((value) => typeof value === 'number'))
    return known.reduce((sum, value) => sum + value, 0);
  return first;
}

function loadFigure(load: LoadRun | null, figure: Extract<ProbeProvider, { type: 'load' }>['figure']): Figure {
  if (load === null) throw new Error('no load runs yet');
  if (figure === 'acceptedP95Ms') return load.accepted.p95;
  if (figure === 'sagaP95Ms') return load.saga.p95;
  return load[figure];
}
