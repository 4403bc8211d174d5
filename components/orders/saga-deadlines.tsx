'use client';

import { CircleAlert } from 'lucide-react';
import Link from 'next/link';
import { durationText } from '#components/format/duration.ts';
import { useNow } from '#components/hooks/use-now.ts';
import type { OrderSaga } from '#contracts/http/sagas.ts';

/**
 * What the saga has set itself: timers that will fire, tries that will be given up; and whether it is stuck. Nothing
 * once all of it is over.
 */
export function SagaDeadlines({ saga }: { saga: OrderSaga }) {
  const now = useNow(500);
  const tries = saga.steps.filter(({ state }) => state === 'running' || state === 'undoing');
  // Timers of what has ended stay until they fire, and are then found to matter no more.
  if (saga.phase === 'completed' || saga.phase === 'cancelled') return null;
  if (saga.stuckSince === null && tries.length === 0 && saga.timers.length === 0) return null;
  const until = (at: string) => (now === null ? '' : inWords(Date.parse(at) - now));
  return (
    <ul
      aria-label="Deadlines"
      className="flex flex-wrap gap-x-5 gap-y-1 border-t border-border px-4 py-2 text-sm text-secondary"
    >
      {saga.stuckSince !== null ? (
        <li className="flex items-center gap-1.5">
          <CircleAlert className="size-4 stroke-[1.75] text-error" aria-hidden />
          Stuck: undoing makes no progress. It goes on; docs/runbooks/stuck-compensation.md says what to look at.
        </li>
      ) : null}
      {tries.map(({ name, service, state, attempts, deadlineAt }) => (
        <li key={name}>
          <span className="font-mono text-foreground">{name}</span> {state === 'undoing' ? 'being undone ' : ''}in{' '}
          {service}, try {attempts}
          {deadlineAt ? <span className="tabular-nums">, given up {until(deadlineAt)}</span> : null}
        </li>
      ))}
      {saga.timers.map(({ name, attempt, firesAt }) => (
        <li key={`${name} ${attempt}`} className="tabular-nums">
          timer <span className="font-mono text-foreground">{name}</span> fires {until(firesAt)}
        </li>
      ))}
      <li>
        <Link href="/sagas" className="rounded-sm text-accent hover:underline">
          All sagas
        </Link>
      </li>
    </ul>
  );
}

function inWords(ms: number): string {
  return ms > 0 ? `in ${durationText(Math.ceil(ms / 100) * 100)}` : 'now';
}
