'use client';

import { useNow } from '#components/hooks/use-now.ts';
import { Badge } from '#components/ui/badge.tsx';

/** Spans arrive in batches; this long after the last one a trace counts as at rest. */
const restMs = 5000;

/** True while spans of the trace still arrive. Null, as on the server, while the time is not known. */
export function useGrowing(lastArrivalMs: number): boolean | null {
  const now = useNow(1000);
  return now === null ? null : now - lastArrivalMs < restMs;
}

/** Says that spans still arrive; keeps its place in a row, so that nothing jumps when they stop. */
export function Growing({ lastArrivalMs, compact = false }: { lastArrivalMs: number; compact?: boolean }) {
  const growing = useGrowing(lastArrivalMs) === true;
  if (compact) {
    return (
      <span className="inline-flex w-1.5 shrink-0" title={growing ? 'Growing: spans still arrive' : undefined}>
        {growing ? (
          <>
            <span data-slot="swatch" aria-hidden className="size-1.5 rounded-full bg-info" />
            <span className="sr-only">growing</span>
          </>
        ) : null}
      </span>
    );
  }
  return growing ? (
    <Badge tone="info">
      <span data-slot="swatch" aria-hidden className="size-1.5 rounded-full bg-info" />
      Growing
    </Badge>
  ) : null;
}
