import {
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleStop,
  CircleX,
  Clock,
  LoaderCircle,
  type LucideIcon,
  RotateCw,
  TriangleAlert,
} from 'lucide-react';
import { cn } from '#components/ui/cn.ts';
import type { ProcessState } from '#contracts/sandbox/control.ts';

const looks: Record<ProcessState, { icon: LucideIcon; word: string; colour: string }> = {
  running: { icon: CircleCheck, word: 'Running', colour: 'text-state-running' },
  starting: { icon: LoaderCircle, word: 'Starting', colour: 'text-state-starting' },
  waiting: { icon: Clock, word: 'Waiting', colour: 'text-state-starting' },
  degraded: { icon: TriangleAlert, word: 'Degraded', colour: 'text-state-degraded' },
  paused: { icon: CirclePause, word: 'Paused', colour: 'text-state-degraded' },
  stopping: { icon: CircleStop, word: 'Stopping', colour: 'text-state-stopped' },
  stopped: { icon: CircleDashed, word: 'Stopped', colour: 'text-state-stopped' },
  backoff: { icon: RotateCw, word: 'Restarting', colour: 'text-state-degraded' },
  'crash-loop': { icon: CircleX, word: 'Crash loop', colour: 'text-state-failed' },
  failed: { icon: CircleX, word: 'Failed', colour: 'text-state-failed' },
};

/** State of a process: icon, colour and word, never colour alone. */
export function ProcessStateLabel({ state, className }: { state: ProcessState; className?: string }) {
  const { icon: Icon, word, colour } = looks[state];
  return (
    <span
      data-slot="process-state"
      data-state={state}
      className={cn('inline-flex items-center gap-1.5 align-middle', className)}
    >
      <Icon data-slot="state-icon" className={cn('size-4 shrink-0 stroke-[1.75]', colour)} aria-hidden />
      {word}
    </span>
  );
}

/** The state as a word within a sentence. */
export function stateWord(state: ProcessState): string {
  return looks[state].word.toLowerCase();
}

/** Order for "worst first" and for counting what needs attention. */
export function needsAttention(state: ProcessState): boolean {
  return (
    state === 'failed' || state === 'crash-loop' || state === 'backoff' || state === 'degraded' || state === 'paused'
  );
}
