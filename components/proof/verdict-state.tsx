import { CircleCheck, CircleHelp, CircleX, type LucideIcon } from 'lucide-react';
import { cn } from '#components/ui/cn.ts';
import type { VerdictState } from '#contracts/sandbox/audit.ts';

const looks: Record<VerdictState, { icon: LucideIcon; word: string; colour: string }> = {
  valid: { icon: CircleCheck, word: 'Valid', colour: 'text-ok' },
  invalid: { icon: CircleX, word: 'Invalid', colour: 'text-error' },
  unknown: { icon: CircleHelp, word: 'Unknown', colour: 'text-warn' },
};

/** A verdict: icon, colour and word. */
export function VerdictStateLabel({ state, className }: { state: VerdictState; className?: string }) {
  const { icon: Icon, word, colour } = looks[state];
  return (
    <span
      data-slot="verdict-state"
      data-state={state}
      className={cn('inline-flex items-center gap-1.5 align-middle', className)}
    >
      <Icon className={cn('size-4 shrink-0 stroke-[1.75]', colour)} aria-hidden />
      {word}
    </span>
  );
}
