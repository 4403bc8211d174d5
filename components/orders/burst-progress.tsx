'use client';

import { durationText } from '#components/format/duration.ts';
import { useNow } from '#components/hooks/use-now.ts';
import type { BurstPlan } from './burst-mix.ts';
import { Fact, Facts } from './facts.tsx';

/** What a burst's progress shows of it. */
export type BurstFigures = {
  plan: BurstPlan;
  phase: 'placing' | 'settling' | 'finished' | 'cancelled' | 'failed';
  startedAtMs: number;
  endedAtMs: number | null;
  accepted: number;
  refused: number;
  waiting: number;
  putOff: number;
  confirmed: number;
  cancelled: number;
  problem: string | null;
};

const phases: Record<BurstFigures['phase'], string> = {
  placing: 'placing orders',
  settling: 'waiting until each has ended',
  finished: 'finished',
  cancelled: 'stopped',
  failed: 'failed',
};

export function phaseText({ phase }: Pick<BurstFigures, 'phase'>): string {
  return phases[phase];
}

/** How a burst goes: a bar of what became of the orders, and the counts in words. */
export function BurstProgress({ burst }: { burst: BurstFigures }) {
  const { plan, accepted, refused, confirmed, cancelled, waiting, putOff, problem } = burst;
  const open = Math.max(0, accepted - confirmed - cancelled);
  const parts = [
    { name: 'confirmed', value: confirmed, colour: 'var(--ok)' },
    { name: 'cancelled', value: cancelled, colour: 'var(--warn)' },
    { name: 'on their way', value: open, colour: 'var(--info)' },
    { name: 'refused', value: refused, colour: 'var(--error)' },
  ];
  const label = [...parts.map(({ name, value }) => `${value} ${name}`), `of ${plan.count}`].join(', ');
  return (
    <div className="flex flex-col gap-4 p-4">
      <div role="img" aria-label={label} className="flex h-3 overflow-hidden rounded-sm bg-raised">
        {parts.map(({ name, value, colour }) => (
          <span
            key={name}
            data-slot="swatch"
            style={{ width: `${(100 * value) / plan.count}%`, background: colour }}
            className="h-full not-last:border-r not-last:border-surface"
          />
        ))}
      </div>
      <Facts className="gap-x-4">
        <Fact label="Accepted" className="w-20">
          <Figure value={accepted} of={plan.count} />
        </Fact>
        <Fact label="Confirmed" className="w-20">
          <Figure value={confirmed} colour="bg-ok" />
        </Fact>
        <Fact label="Cancelled" className="w-20">
          <Figure value={cancelled} colour="bg-warn" />
        </Fact>
        <Fact label="On their way" className="w-20">
          <Figure value={open} colour="bg-info" />
        </Fact>
        <Fact label="Refused" className="w-20">
          <Figure value={refused} colour="bg-error" />
        </Fact>
        <Fact label="Put off" className="w-24">
          <Figure value={putOff} />
          {waiting > 0 ? <span className="text-tertiary">{waiting} waiting</span> : null}
        </Fact>
        <Fact label="Time" className="w-20">
          <Elapsed fromMs={burst.startedAtMs} toMs={burst.endedAtMs} />
        </Fact>
      </Facts>
      {problem ? <p className="text-sm text-error">{problem}</p> : null}
    </div>
  );
}

function Figure({ value, of, colour }: { value: number; of?: number; colour?: string }) {
  return (
    <>
      {colour ? <span data-slot="swatch" aria-hidden className={`size-2 rounded-[2px] ${colour}`} /> : null}
      <span className="font-medium tabular-nums">{value}</span>
      {of === undefined ? null : <span className="text-tertiary tabular-nums">of {of}</span>}
    </>
  );
}

function Elapsed({ fromMs, toMs }: { fromMs: number; toMs: number | null }) {
  const now = useNow(200);
  const until = toMs ?? now;
  return <span className="tabular-nums">{until === null ? '' : durationText(Math.max(0, until - fromMs))}</span>;
}
