import type { LoadPhase } from '#contracts/sandbox/load-limits.ts';

const phases: Record<LoadPhase, string> = {
  placing: 'placing orders',
  settling: 'waiting until each has ended',
  finished: 'finished',
  stopped: 'stopped',
  failed: 'failed',
};

export function phaseText({ phase }: { phase: LoadPhase }): string {
  return phases[phase];
}
