'use client';

import { OctagonX, Zap } from 'lucide-react';
import Link from 'next/link';
import { Button } from '#components/ui/button.tsx';
import type { ChaosState } from '#contracts/sandbox/chaos.ts';
import { isActive } from '#contracts/sandbox/chaos-limits.ts';
import { Countdown } from './countdown.tsx';
import { stateWords } from './state-words.ts';

export type ChaosBarProps = {
  state: ChaosState | null;
  onStopAll: () => void;
  onRelease: () => void;
};

/** On every page: which faults are on, where, for how long, and the lever that ends them. Nothing while none is. */
export function ChaosBar({ state, onStopAll, onRelease }: ChaosBarProps) {
  const active = state?.faults.filter(isActive) ?? [];
  const [first, ...others] = active;
  if (state === null || (first === undefined && state.stopped === null)) return null;
  return (
    <section
      aria-label="Active faults"
      data-slot="chaos-bar"
      className="tint flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-border px-4 py-1 text-sm [--tint:var(--fault)] max-md:px-2"
    >
      <Zap className="size-4 shrink-0 stroke-[1.5] text-fault" aria-hidden />
      {first === undefined ? (
        <p className="min-w-0 flex-1">Faults are stopped: {state.stopped?.reason}.</p>
      ) : (
        <p className="min-w-0 flex-1">
          <Link href="/chaos" className="font-medium underline-offset-2 hover:underline">
            {first.title}
          </Link>{' '}
          on <span className="font-mono">{first.target}</span>, {stateWords[first.state].word}, {first.hits} hits
          {first.state === 'armed' || first.state === 'biting' ? (
            <>
              , ends in <Countdown untilMs={Date.parse(first.expiresAt)} />
            </>
          ) : null}
          {others.length > 0 ? `, and ${others.length} more` : ''}
        </p>
      )}
      {state.stopped === null ? (
        <Button variant="danger" size="sm" onClick={onStopAll}>
          <OctagonX aria-hidden />
          Stop all
        </Button>
      ) : (
        <Button size="sm" onClick={onRelease}>
          Release
        </Button>
      )}
    </section>
  );
}
