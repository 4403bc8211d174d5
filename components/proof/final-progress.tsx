import { CircleCheck, CircleDashed, LoaderCircle, type LucideIcon, TriangleAlert } from 'lucide-react';
import { cn } from '#components/ui/cn.ts';
import type { FinalAudit, FinalPhase } from '#contracts/sandbox/audit.ts';

const looks: Record<FinalPhase['state'], { icon: LucideIcon; word: string; colour: string }> = {
  waiting: { icon: CircleDashed, word: 'waiting', colour: 'text-tertiary' },
  running: { icon: LoaderCircle, word: 'running', colour: 'text-info' },
  done: { icon: CircleCheck, word: 'done', colour: 'text-ok' },
  'given-up': { icon: TriangleAlert, word: 'given up', colour: 'text-warn' },
};

const words: Record<FinalPhase['name'], string> = {
  heal: 'Every process runs',
  drain: 'Outboxes empty, every message handled',
  quiesce: 'No order open, nothing moves',
  check: 'Every ledger compared, no deadline excuses anything',
};

/** The phases of a final audit: what each waits for, and how far it is. */
export function FinalProgress({ audit }: { audit: FinalAudit }) {
  return (
    <ol data-slot="final" data-state={audit.state} className="flex flex-col text-sm">
      {audit.phases.map(({ name, state, detail }) => {
        const { icon: Icon, word, colour } = looks[state];
        return (
          <li
            key={name}
            data-phase={name}
            data-state={state}
            className="flex min-h-8 flex-wrap items-center gap-x-2 border-b border-border px-4 py-1 last:border-b-0 max-md:px-3"
          >
            <Icon className={cn('size-4 shrink-0 stroke-[1.75]', colour)} aria-hidden />
            <span className="w-16 font-medium">{name}</span>
            <span className="text-secondary">{words[name]}</span>
            <span className="ml-auto text-tertiary">{detail === '' ? word : `${word}: ${detail}`}</span>
          </li>
        );
      })}
      {audit.problem ? (
        <li role="alert" className="px-4 py-2 text-error">
          {audit.problem}
        </li>
      ) : null}
    </ol>
  );
}
