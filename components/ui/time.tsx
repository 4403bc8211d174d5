'use client';

import { ago } from '#components/format/duration.ts';
import { clock, dateTime } from '#components/format/time.ts';
import { useNow } from '#components/hooks/use-now.ts';
import { cn } from './cn.ts';

/** Clock time in the reader's zone. The server does not know the zone, so the text arrives with hydration. */
export function LocalTime({ atMs, digits = 3, className }: { atMs: number; digits?: 0 | 3; className?: string }) {
  const now = useNow(60_000);
  return (
    <time
      dateTime={new Date(atMs).toISOString()}
      title={now === null ? undefined : dateTime(atMs)}
      className={cn('font-mono tabular-nums', className)}
    >
      {now === null ? '' : clock(atMs, digits)}
    </time>
  );
}

/** Age of an instant, counted on once a second: `12 s ago`. */
export function Ago({ atMs, className }: { atMs: number; className?: string }) {
  const now = useNow(1000);
  return (
    <time
      dateTime={new Date(atMs).toISOString()}
      title={now === null ? undefined : dateTime(atMs)}
      className={cn('tabular-nums', className)}
    >
      {now === null ? '' : ago(now - atMs)}
    </time>
  );
}
