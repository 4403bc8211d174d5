'use client';

import { durationText } from '#components/format/duration.ts';
import { useNow } from '#components/hooks/use-now.ts';
import type { SagaStep } from './saga.ts';

/** The saga in a sentence; while somebody is waited for, for how long. */
export function WaitingNote({ caption, step }: { caption: string; step: SagaStep | null }) {
  return (
    <span>
      {caption}
      {step?.startedAtMs ? <Since atMs={step.startedAtMs} /> : null}
    </span>
  );
}

function Since({ atMs }: { atMs: number }) {
  const now = useNow(200);
  return <>… {now === null ? '' : <span className="tabular-nums">{durationText(Math.max(0, now - atMs))}</span>}</>;
}
