import { CircleAlert, Hourglass, LoaderCircle, type LucideIcon, Undo2 } from 'lucide-react';
import { cn } from '#components/ui/cn.ts';
import type { OpenSagaState } from '#contracts/http/history.ts';

export const openStates = ['running', 'waiting', 'compensating', 'stuck'] as const satisfies readonly OpenSagaState[];

export const openStateLooks: Record<OpenSagaState, { icon: LucideIcon; word: string; colour: string; note: string }> = {
  running: { icon: LoaderCircle, word: 'Running', colour: 'text-info', note: 'going forward' },
  waiting: { icon: Hourglass, word: 'Waiting', colour: 'text-warn', note: 'nothing heard for 2 s' },
  compensating: { icon: Undo2, word: 'Compensating', colour: 'text-warn', note: 'being undone' },
  stuck: { icon: CircleAlert, word: 'Stuck', colour: 'text-error', note: 'undoing makes no progress' },
};

/** State of a saga that has not ended: icon, colour and word. */
export function OpenStateLabel({ state, className }: { state: OpenSagaState; className?: string }) {
  const { icon: Icon, word, colour } = openStateLooks[state];
  return (
    <span className={cn('inline-flex items-center gap-1.5 align-middle', className)}>
      <Icon data-slot="state-icon" className={cn('size-4 shrink-0 stroke-[1.75]', colour)} aria-hidden />
      {word}
    </span>
  );
}
