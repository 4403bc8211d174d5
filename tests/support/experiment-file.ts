import type { Experiment } from '#contracts/sandbox/experiment-file.ts';

/** An experiment as a file holds it: a few orders, every process runs, S3 and L1 hold. */
export function experimentFile(
  changes: { title: string; method: readonly unknown[] } & Record<string, unknown>,
): Record<string, unknown> {
  const common = {
    description: 'for a test',
    'steady-state-hypothesis': { title: 'every process runs', probes: [allRun] },
    load: { rate: 4, for: '4s' },
    invariants: ['S3', 'L1'],
  } satisfies Partial<Record<keyof Experiment, unknown>>;
  return { ...common, ...changes };
}

export const allRun = {
  type: 'probe',
  name: 'processes that do not run',
  provider: { type: 'processes' },
  tolerance: 0,
  within: '60s',
};

/** A step that arms a fault. */
export function faultStep(
  name: string,
  target: string,
  { at, ...more }: { at: string; for: string; parameters?: Record<string, unknown> },
): Record<string, unknown> & { name: string } {
  return { type: 'action', name, at, provider: { type: 'fault', fault: name, target, ...more } };
}
