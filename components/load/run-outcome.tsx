'use client';

import { durationText } from '#components/format/duration.ts';
import { count } from '#components/format/number.ts';
import { useNow } from '#components/hooks/use-now.ts';
import { Fact, Facts } from '#components/orders/facts.tsx';
import type { LoadRun } from '#contracts/sandbox/load.ts';

/** What became of the orders of a run: a bar, and the counts in words. */
export function RunOutcome({ run }: { run: LoadRun }) {
  const parts = [
    { name: 'confirmed', value: run.confirmed, colour: 'var(--ok)' },
    { name: 'cancelled', value: run.cancelled, colour: 'var(--warn)' },
    { name: 'not ended', value: run.open, colour: 'var(--info)' },
    { name: 'unknown', value: run.info, colour: 'var(--debug)' },
    { name: 'failed', value: run.fail, colour: 'var(--error)' },
  ];
  const label = [...parts.map(({ name, value }) => `${value} ${name}`), `of ${run.due} due`].join(', ');
  return (
    <div className="flex flex-col gap-4 p-4">
      <div role="img" aria-label={label} className="flex h-3 overflow-hidden rounded-sm bg-raised">
        {run.due === 0
          ? null
          : parts.map(({ name, value, colour }) => (
              <span
                key={name}
                data-slot="swatch"
                style={{ width: `${(100 * value) / run.due}%`, background: colour }}
                className="h-full not-last:border-r not-last:border-surface"
              />
            ))}
      </div>
      <Facts className="gap-x-4">
        <Figure label="Due" value={run.due} />
        <Figure label="Accepted" value={run.ok} />
        <Figure label="Confirmed" value={run.confirmed} colour="bg-ok" />
        <Figure label="Cancelled" value={run.cancelled} colour="bg-warn" />
        <Figure label="Not ended" value={run.open} colour="bg-info" />
        <Figure label="Unknown" value={run.info} colour="bg-debug" />
        <Figure label="Failed" value={run.fail} colour="bg-error" />
        <Figure label="Lost" value={run.lostCount} />
        <Figure label="Cancels" value={sum(run.cancellations)} />
        <Fact label="Time" className="w-20">
          <Elapsed fromMs={Date.parse(run.startedAt)} toMs={run.endedAt === null ? null : Date.parse(run.endedAt)} />
        </Fact>
      </Facts>
      <Errors run={run} />
    </div>
  );
}

function sum({ ok, fail, info }: LoadRun['cancellations']): number {
  return ok + fail + info;
}

function Errors({ run }: { run: LoadRun }) {
  const errors = Object.entries(run.errors).sort(([, a], [, b]) => b - a);
  const { cancellations } = run;
  const cancelled = sum(cancellations) > 0;
  if (run.problem === null && errors.length === 0 && run.lostCount === 0 && !cancelled) return null;
  return (
    <ul className="flex flex-col gap-1 text-sm">
      {run.problem === null ? null : <li className="text-error">{run.problem}</li>}
      {run.lostCount === 0 ? null : (
        <li className="text-error">
          {run.lostCount} acknowledged {run.lostCount === 1 ? 'order has' : 'orders have'} not ended in time:{' '}
          <span className="font-mono break-all">{run.lost.slice(0, 3).join(', ')}</span>
        </li>
      )}
      {cancelled ? (
        <li className="text-secondary">
          Customers asked to cancel {count(sum(cancellations))}: {count(cancellations.ok)} accepted,{' '}
          {count(cancellations.fail)} too late, {count(cancellations.info)} unknown
        </li>
      ) : null}
      {errors.map(([error, times]) => (
        <li key={error} className="text-secondary">
          {count(times)} × {error}
        </li>
      ))}
    </ul>
  );
}

function Figure({ label, value, colour }: { label: string; value: number; colour?: string }) {
  return (
    <Fact label={label} className="w-18">
      {colour ? <span data-slot="swatch" aria-hidden className={`size-2 rounded-[2px] ${colour}`} /> : null}
      <span className="font-medium tabular-nums">{count(value)}</span>
    </Fact>
  );
}

function Elapsed({ fromMs, toMs }: { fromMs: number; toMs: number | null }) {
  const now = useNow(500);
  const until = toMs ?? now;
  return <span className="tabular-nums">{until === null ? '' : durationText(Math.max(0, until - fromMs))}</span>;
}
