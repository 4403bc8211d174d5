import type { Tone } from '#components/ui/badge.tsx';
import type { FaultState } from '#contracts/sandbox/chaos.ts';

/** Word and tone of each state; every page carries them, for the bar that says what is on. */
export const stateWords: Record<FaultState, { word: string; tone: Tone }> = {
  armed: { word: 'armed', tone: 'fault' },
  biting: { word: 'biting', tone: 'fault' },
  reverting: { word: 'reverting', tone: 'warn' },
  reverted: { word: 'reverted', tone: 'ok' },
  'revert-failed': { word: 'revert failed', tone: 'error' },
};
