'use client';

import Link from 'next/link';
import { count } from '#components/format/number.ts';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Ago } from '#components/ui/time.tsx';
import type { Counterexample, Verdict } from '#contracts/sandbox/audit.ts';
import { CounterexampleTimeline } from './counterexample-timeline.tsx';
import { VerdictStateLabel } from './verdict-state.tsx';

/** One invariant in full: what must hold, what was counted, and the smallest thing that breaks it. */
export function VerdictPanel({ verdict }: { verdict: Verdict }) {
  const { state, statement, why, evidence, deadlineMs, checkedAt, violations, counterexample } = verdict;
  return (
    <div className="flex flex-col gap-4 p-4">
      <p>{statement}</p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        <dt className="text-tertiary">Verdict</dt>
        <dd>
          <VerdictStateLabel state={state} />
          {why ? <span className="text-secondary">: {why}</span> : null}
        </dd>
        <dt className="text-tertiary">Evidence</dt>
        <dd>
          {evidence.length === 0 ? 'none yet' : null}
          {evidence.map((one) => (
            <span key={one.of} className="block tabular-nums">
              {count(one.count)} {one.of}
            </span>
          ))}
        </dd>
        <dt className="text-tertiary">Deadline T</dt>
        <dd>{deadlineMs === null ? 'none: it may not be seen broken at all' : `${deadlineMs / 1000} s`}</dd>
        <dt className="text-tertiary">Checked</dt>
        <dd>{checkedAt ? <Ago atMs={Date.parse(checkedAt)} /> : 'not yet'}</dd>
      </dl>
      {counterexample ? <Broken counterexample={counterexample} violations={violations} /> : null}
      <p className="flex items-center gap-1 text-sm text-secondary">
        <code className="truncate rounded-sm bg-raised px-1.5 py-0.5">npm run orrery -- audit</code>
        <CopyButton value="npm run orrery -- audit" label="Copy command" />
      </p>
    </div>
  );
}

function Broken({ counterexample, violations }: { counterexample: Counterexample; violations: number }) {
  const { subject, orderId, traceId, problem, foundAt, timeline } = counterexample;
  return (
    <section aria-label="Counterexample" data-slot="counterexample" className="flex flex-col gap-2">
      <h3 className="font-semibold">
        Counterexample
        {violations > 1 ? (
          <span className="font-normal text-tertiary"> 1 of {count(violations)}, the smallest</span>
        ) : null}
      </h3>
      <p className="break-words">{problem}</p>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-secondary">
        {orderId ? (
          <Link href={`/orders/${orderId}`} className="rounded-sm font-mono text-accent hover:underline">
            {orderId}
          </Link>
        ) : (
          <span className="font-mono">{subject}</span>
        )}
        {traceId ? (
          <Link href={`/traces/${traceId}`} className="rounded-sm text-accent hover:underline">
            Its trace
          </Link>
        ) : null}
        <span>
          found <Ago atMs={Date.parse(foundAt)} />
        </span>
      </p>
      {timeline.length > 0 ? <CounterexampleTimeline facts={timeline} /> : null}
    </section>
  );
}
