'use client';

import { uptime } from '#components/format/duration.ts';
import { useNow } from '#components/hooks/use-now.ts';

/** Time until an instant, counted down once a second: `42 s`. Nothing before hydration, `0 s` when it is over. */
export function Countdown({ untilMs }: { untilMs: number }) {
  const now = useNow(1000);
  return <span className="tabular-nums">{now === null ? '' : uptime(Math.max(0, untilMs - now))}</span>;
}
