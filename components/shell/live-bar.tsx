'use client';

import { Unplug } from 'lucide-react';
import { uptime } from '#components/format/duration.ts';
import { useNow } from '#components/hooks/use-now.ts';
import { useLiveSummary } from '#components/live/live-status.tsx';

/** A stream that comes back within this time was not worth a word. */
const graceMs = 1500;

/** Thin bar while a live stream is down: what is on screen is as old as it says. */
export function LiveBar() {
  const { downSinceMs } = useLiveSummary();
  const now = useNow(1000);
  const downMs = downSinceMs === null || now === null ? 0 : now - downSinceMs;
  const shown = downMs >= graceMs;
  return (
    <div role="status" aria-live="polite" data-slot="live-bar">
      {shown ? (
        <p className="tint flex h-6 items-center justify-center gap-1.5 border-t border-border text-sm [--tint:var(--warn)]">
          <Unplug className="size-3.5 stroke-[1.5] text-warn" aria-hidden />
          <span>Live connection lost, reconnecting…</span>
          {/* Not announced every second. */}
          <span aria-hidden className="text-secondary tabular-nums">
            data is {uptime(downMs)} old
          </span>
        </p>
      ) : null}
    </div>
  );
}
