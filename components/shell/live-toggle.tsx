'use client';

import { CirclePause } from 'lucide-react';
import { useLiveStatus, useLiveSummary } from '#components/live/live-status.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Tooltip } from '#components/ui/tooltip.tsx';
import { keysOf } from './commands.ts';
import { useViewCommand } from './view-commands.tsx';

/** Pauses and resumes every stream of the view. Absent where nothing is live. */
export function LiveToggle() {
  const { streams, paused, downSinceMs } = useLiveSummary();
  const status = useLiveStatus();
  const toggle = () => status.setPaused(!paused);
  useViewCommand('live', streams > 0 ? toggle : null);
  if (streams === 0) return null;
  const label = paused ? 'Resume live data' : 'Pause live data';
  return (
    <Tooltip content={label} keys={keysOf('view.live')}>
      <Button variant="ghost" onClick={toggle}>
        {paused ? (
          <CirclePause aria-hidden />
        ) : (
          <span
            data-slot="swatch"
            aria-hidden
            className={cn('size-1.5 rounded-full', downSinceMs === null ? 'bg-ok' : 'bg-warn')}
          />
        )}
        {paused ? 'Paused' : downSinceMs === null ? 'Live' : 'Reconnecting'}
        <span className="sr-only">: {label.toLowerCase()}</span>
      </Button>
    </Tooltip>
  );
}
