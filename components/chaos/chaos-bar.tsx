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

/**
 * On every page: which faults are on, where, for how long, and the lever that ends them. Nothing while none is. Its height
 * is fixed, whatever it has to say: figures that grow must not move the page.
 */
export function ChaosBar({ state, onStopAll, onRelease }: ChaosBarProps) {
  const active = state?.faults.filter(isActive) ?? [];
  const [first, ...others] = active;
  if (state === null || (first === undefined && state.stopped === null)) return null;
  return (
    <section
      aria-label="Active faults"
      data-slot="chaos-bar"
      className="tint flex h-10 shrink-0 items-center gap-x-3 border-t border-border px-4 text-sm [--tint:var(--fault)] max-md:h-12 max-md:gap-x-2 max-md:px-2"
    >
      <Zap className="size-4 shrink-0 stroke-[1.5] text-fault" aria-hidden />
      {first === undefined ? (
        <p className="line-clamp-2 min-w-0 flex-1 leading-5">Faults are stopped: {state.stopped?.reason}.</p>
      ) : (
        <p className="flex min-w-0 flex-1 leading-5 max-md:flex-col">
          <span className="truncate">
            <Link href="/chaos" className="font-medium underline-offset-2 hover:underline">
              {first.title}
            </Link>{' '}
            on <span className="font-mono">{first.target}</span>,{' '}
          </span>
          <span className="shrink-0 truncate tabular-nums md:ml-[0.5ch]">
            {stateWords[first.state].word}, {first.hits} hits
            {first.state === 'armed' || first.state === 'biting' ? (
              <>
                , ends in <Countdown untilMs={Date.parse(first.expiresAt)} />
              </>
            ) : null}
            {others.length > 0 ? `, and ${others.length} more` : ''}
          </span>
        </p>
      )}
      {state.stopped === null ? (
        <Button variant="danger" size="sm" className="shrink-0" onClick={onStopAll}>
          <OctagonX aria-hidden />
          Stop all
        </Button>
      ) : (
        <Button size="sm" className="shrink-0" onClick={onRelease}>
          Release
        </Button>
      )}
    </section>
  );
}
