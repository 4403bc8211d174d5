'use client';

import Link from 'next/link';
import { cn } from '#components/ui/cn.ts';
import type { AuditBoard } from '#contracts/sandbox/audit.ts';
import { VerdictStateLabel } from './verdict-state.tsx';
import { verdictSummary } from './verdict-summary.ts';

export type InvariantLineProps = { board: AuditBoard | null; problem: string | null; className?: string };

/** All invariants in one line, for the overview: how many hold, and which do not. */
export function InvariantLine({ board, problem, className }: InvariantLineProps) {
  const invalid = board?.verdicts.filter(({ state }) => state === 'invalid') ?? [];
  const state = board === null || problem !== null ? 'unknown' : invalid.length > 0 ? 'invalid' : 'valid';
  return (
    <section
      aria-label="Invariants"
      data-slot="invariants"
      data-state={state}
      className={cn(
        'flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 rounded-lg border border-border bg-surface px-4 py-1.5 text-sm max-md:px-3',
        className,
      )}
    >
      <h2 className="text-base font-semibold">Invariants</h2>
      <VerdictStateLabel state={state} />
      <span className="text-secondary">
        {problem !== null && board === null
          ? `The auditor cannot be asked: ${problem}`
          : board === null
            ? 'reading verdicts'
            : verdictSummary(board.verdicts)}
        {problem !== null && board !== null ? `, out of date: ${problem}` : ''}
      </span>
      {invalid.map(({ id, name }) => (
        <Link key={id} href={`/proof?verdict=${id}`} className="rounded-sm text-error hover:underline">
          {id} {name}
        </Link>
      ))}
      <Link href="/proof" className="ml-auto rounded-sm text-accent hover:underline">
        Proof
      </Link>
    </section>
  );
}
