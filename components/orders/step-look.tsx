import { Check, CircleDashed, LoaderCircle, type LucideIcon, Minus, Undo2, X } from 'lucide-react';
import { cn } from '#components/ui/cn.ts';
import type { StepState } from './saga.ts';

/** How each state of a step looks; the word always goes with the icon. */
export const stepLooks: Record<StepState, { icon: LucideIcon; word: string; colour: string; token: string }> = {
  pending: { icon: CircleDashed, word: 'pending', colour: 'text-tertiary', token: 'var(--text-tertiary)' },
  running: { icon: LoaderCircle, word: 'running', colour: 'text-info', token: 'var(--info)' },
  done: { icon: Check, word: 'done', colour: 'text-ok', token: 'var(--ok)' },
  failed: { icon: X, word: 'failed', colour: 'text-error', token: 'var(--error)' },
  compensated: { icon: Undo2, word: 'undone', colour: 'text-warn', token: 'var(--warn)' },
  skipped: { icon: Minus, word: 'not needed', colour: 'text-tertiary', token: 'var(--text-tertiary)' },
};

export function StepIcon({ state, className }: { state: StepState; className?: string }) {
  const { icon: Icon, colour } = stepLooks[state];
  return (
    <Icon
      data-slot="state-icon"
      aria-hidden
      className={cn(
        'size-4 shrink-0 stroke-2',
        colour,
        state === 'running' && 'animate-spin [animation-duration:1.6s]',
        className,
      )}
    />
  );
}

/** State of a step: icon, colour and word. */
export function StepStateLabel({ state, className }: { state: StepState; className?: string }) {
  return (
    <span className={cn('inline-flex items-center gap-1.5 align-middle', className)}>
      <StepIcon state={state} />
      {stepLooks[state].word}
    </span>
  );
}
